CREATE VIEW startup_drops.titles AS SELECT title FROM startup_drops.items;
CREATE TYPE startup_drops.mood AS ENUM ('calm');
CREATE SEQUENCE startup_drops.numbers;
CREATE FUNCTION startup_drops.one() RETURNS int LANGUAGE sql RETURN 1;
