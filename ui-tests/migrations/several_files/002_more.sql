DROP TABLE several_files.gone;
