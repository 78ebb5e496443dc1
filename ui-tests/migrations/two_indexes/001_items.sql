CREATE TABLE two_indexes.items (id bigint PRIMARY KEY, title text, note text);
