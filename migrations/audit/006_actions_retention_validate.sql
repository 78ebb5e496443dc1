-- Scans the table once; other sessions can read and write meanwhile.

ALTER TABLE audit.actions
    VALIDATE CONSTRAINT actions_retention_class_check;
