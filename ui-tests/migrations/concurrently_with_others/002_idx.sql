CREATE INDEX CONCURRENTLY items_title_idx ON concurrently_with_others.items (title);
ALTER TABLE concurrently_with_others.items ADD COLUMN note text;
