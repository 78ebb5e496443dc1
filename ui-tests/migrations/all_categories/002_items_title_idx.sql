CREATE INDEX CONCURRENTLY items_title_idx ON all_categories.items (title);
