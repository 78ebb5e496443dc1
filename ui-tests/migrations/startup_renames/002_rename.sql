ALTER TABLE startup_renames.items RENAME COLUMN title TO name;
ALTER TABLE startup_renames.items RENAME TO things;
ALTER SCHEMA startup_renames RENAME TO other;
