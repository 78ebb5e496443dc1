CREATE TABLE several_files.items (id bigint PRIMARY KEY;
