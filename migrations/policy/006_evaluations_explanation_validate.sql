-- Reads the history once; evaluations go on being written meanwhile.

ALTER TABLE policy.evaluations
    VALIDATE CONSTRAINT evaluations_explanation_check;
