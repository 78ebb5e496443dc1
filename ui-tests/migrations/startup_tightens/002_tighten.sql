ALTER TABLE startup_tightens.items ALTER COLUMN title TYPE varchar(10);
ALTER TABLE startup_tightens.items ALTER COLUMN title SET NOT NULL;
ALTER TABLE startup_tightens.items ADD COLUMN owner text NOT NULL;
