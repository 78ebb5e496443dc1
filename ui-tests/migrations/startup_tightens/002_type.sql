ALTER TABLE startup_tightens.items ALTER COLUMN title TYPE varchar(10);
