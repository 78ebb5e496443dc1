DROP VIEW startup_drops.titles;
ALTER TABLE startup_drops.items DROP COLUMN title;
DROP TABLE startup_drops.items;
DROP TYPE startup_drops.mood;
DROP FUNCTION startup_drops.one();
DROP SEQUENCE startup_drops.numbers;
DROP INDEX startup_drops.items_title_idx;
DROP SCHEMA startup_drops;
