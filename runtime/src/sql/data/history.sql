-- The newest batches of a data migration, and the rows that it left out.
SET LOCAL search_path = pg_catalog, pg_temp;
{{role}}DO $onward$
DECLARE
  problem record;
BEGIN
{{own_progress}}END
$onward$;
SELECT batch, until::text AS key, rows, ms, NULL::text AS sqlstate, NULL::text AS object,
       to_char(timezone('UTC', at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
FROM (SELECT * FROM {{schema}}.schema_migration_batch WHERE version = {{version}} ORDER BY batch DESC LIMIT {{most}}) newest
UNION ALL
SELECT NULL, key::text, NULL, NULL, sqlstate, object,
       to_char(timezone('UTC', at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
FROM (SELECT * FROM {{schema}}.schema_migration_skipped WHERE version = {{version}} ORDER BY at DESC LIMIT {{most}}) left_out
ORDER BY batch DESC NULLS LAST, at DESC;
