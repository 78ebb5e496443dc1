ALTER TABLE data_with_ddl.items ADD COLUMN note text;
