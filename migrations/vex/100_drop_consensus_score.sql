-- onward: breaks readers of the single score, before 1.6
-- Replaced by weight_for and weight_against (004).
-- Safe now: the running release neither reads nor writes score, and every row has been
-- recomputed with the weights since. The check of the column is dropped with it.

ALTER TABLE vex.consensus
    DROP COLUMN score;
