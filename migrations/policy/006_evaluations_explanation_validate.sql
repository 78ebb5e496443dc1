-- Scans the history once; services go on writing evaluations meanwhile.

ALTER TABLE policy.evaluations
    VALIDATE CONSTRAINT evaluations_explanation_check;
