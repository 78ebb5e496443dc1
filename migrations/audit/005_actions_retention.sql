-- How long copies in the archive are kept, by kind of action. The log itself keeps all.
-- Column and check are created together; NULL passes. DM001 fills the actions that services
-- have registered themselves.

ALTER TABLE audit.actions
    ADD COLUMN retention_class text;
ALTER TABLE audit.actions
    ADD CONSTRAINT actions_retention_class_check
        CHECK (retention_class IN ('short', 'standard', 'legal')) NOT VALID;

COMMENT ON COLUMN audit.actions.retention_class IS 'NULL is treated as legal, the longest.';
