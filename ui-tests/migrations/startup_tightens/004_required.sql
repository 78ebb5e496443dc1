ALTER TABLE startup_tightens.items ADD COLUMN owner text NOT NULL;
