CREATE TABLE two_indexes.items (id int PRIMARY KEY, title text, note text);
