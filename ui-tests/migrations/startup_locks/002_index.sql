CREATE INDEX items_title_idx ON startup_locks.items (title);
