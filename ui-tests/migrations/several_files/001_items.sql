CREATE TABLE several_files.items (id int PRIMARY KEY;
