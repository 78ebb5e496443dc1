CREATE INDEX CONCURRENTLY items_title_idx ON two_indexes.items (title);
CREATE INDEX CONCURRENTLY items_note_idx ON two_indexes.items (note);
