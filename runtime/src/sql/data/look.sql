-- Behind a look at the ledger: how far its data migrations are. Nothing is written.
DO $onward$
DECLARE
  problem record;
BEGIN
{{own_progress}}END
$onward$;
SELECT true AS progress, position ->> 0 AS cursor,
       (SELECT count(*) FROM {{schema}}.schema_migration_skipped again
        WHERE again.version = progress.version AND again.sqlstate = '') AS again,
       version, encode(checksum, 'hex') AS checksum, state, reason, pass, position::text AS position,
       goal::text AS goal, position IS NOT DISTINCT FROM goal AS is_over, size, speed, rows, pass_rows, before_rows, scanned, batches, busy_ms, skipped,
       total, worker, who, to_char(timezone('UTC', started), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS started,
       to_char(timezone('UTC', at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
       (abs(extract(epoch FROM clock_timestamp() - at)) * 1000)::int8 AS age_ms
FROM {{schema}}.schema_migration_progress progress ORDER BY version;
