-- One score cannot distinguish "no issuer knows" from "all issuers disagree". Two sums can.
-- Both columns have a constant default: no row is rewritten, and the running release
-- may go on inserting rows without them.

ALTER TABLE vex.consensus
    ADD COLUMN weight_for numeric(8, 3) NOT NULL DEFAULT 0,
    ADD COLUMN weight_against numeric(8, 3) NOT NULL DEFAULT 0;
ALTER TABLE vex.consensus
    ADD CONSTRAINT consensus_weights_check
        CHECK (weight_for >= 0 AND weight_against >= 0) NOT VALID;

COMMENT ON COLUMN vex.consensus.weight_for IS
    'Sum of the weights of the votes that agree with status.';
COMMENT ON COLUMN vex.consensus.weight_against IS 'Sum of the weights of the votes that do not.';
