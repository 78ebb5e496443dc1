INSERT INTO several_files.items VALUES (1);
