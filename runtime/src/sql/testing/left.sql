-- What a process has left that has ended without dropping it: the lock of its owner is not held. A template's owner is
-- the session that builds it; a complete one is left when no test has used it for a week.
SELECT datname AS name, datistemplate AS "template"
FROM pg_catalog.pg_database one
WHERE CASE
  WHEN pg_catalog.starts_with(datname::text, {{templates}}) AND datistemplate THEN
    pg_catalog.substring(pg_catalog.shobj_description(oid, 'pg_database'), '[0-9]{4}-[0-9]{2}-[0-9]{2}')::date
      < current_date - 7
  WHEN pg_catalog.starts_with(datname::text, {{databases}}) OR pg_catalog.starts_with(datname::text, {{templates}}) THEN
    NOT EXISTS (
      SELECT FROM pg_catalog.pg_locks
      WHERE locktype = 'advisory' AND objsubid = 1
        AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        AND (classid::bigint << 32) | objid::bigint = pg_catalog.hashtextextended(
              CASE WHEN pg_catalog.starts_with(datname::text, {{templates}}) THEN datname::text
                   ELSE pg_catalog.split_part(datname::text, '_', 4) END, 0))
  ELSE false
END;
