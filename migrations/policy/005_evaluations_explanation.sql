-- Why an evaluation has its result. NULL in the rows from before this file, and in those
-- that the running release still writes.

ALTER TABLE policy.evaluations
    ADD COLUMN explanation jsonb;
ALTER TABLE policy.evaluations
    ADD CONSTRAINT evaluations_explanation_check
        CHECK (jsonb_typeof(explanation) = 'object') NOT VALID;

COMMENT ON COLUMN policy.evaluations.explanation IS
    'Rule, inputs and values compared, as the engine reports them.';
