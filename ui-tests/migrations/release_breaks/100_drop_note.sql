ALTER TABLE release_breaks.items DROP COLUMN note;
