INSERT INTO several_files.items (id) VALUES (1);
