-- Reads the table once while others read and write it. Checks of a table read every
-- row, whatever its row level security says.

ALTER TABLE vex.consensus
    VALIDATE CONSTRAINT consensus_weights_check;
