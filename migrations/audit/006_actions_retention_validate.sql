-- Reads the table once while others read and write it.

ALTER TABLE audit.actions
    VALIDATE CONSTRAINT actions_retention_class_check;
