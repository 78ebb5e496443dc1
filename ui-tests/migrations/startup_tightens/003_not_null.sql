ALTER TABLE startup_tightens.items ALTER COLUMN title SET NOT NULL;
