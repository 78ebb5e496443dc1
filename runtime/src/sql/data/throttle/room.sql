-- Whether the server has room for a batch: one row for each thing that an indicator is about. What the role may not
-- see is NULL. Only the catalogs and the statistics are asked.
SET LOCAL TRANSACTION ISOLATION LEVEL READ COMMITTED READ ONLY;
{{role}}SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL standard_conforming_strings = on;
SET LOCAL statement_timeout = '2s';
WITH RECURSIVE walked(relation) AS (
  SELECT class.oid FROM unnest({{tables}}::text[]) AS one
  JOIN pg_namespace space ON starts_with(one, space.nspname::text || '.')
  JOIN pg_class class ON class.relnamespace = space.oid
    AND class.relname = substr(one, length(space.nspname::text) + 2)::name
  UNION
  SELECT child.inhrelid FROM walked JOIN pg_inherits child ON child.inhparent = walked.relation
), written(lsn) AS MATERIALIZED (
  SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn() END
), locks AS MATERIALIZED (
  SELECT * FROM pg_locks WHERE pid <> pg_backend_pid()
), readings(indicator, subject, value, most, passed, note) AS (
{{parts}}
)
SELECT indicator, subject, value::float8::text AS value, most::float8::text AS most, passed::float8::text AS passed, note FROM readings;
