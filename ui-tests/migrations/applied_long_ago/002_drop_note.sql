ALTER TABLE applied_long_ago.items DROP COLUMN note;
