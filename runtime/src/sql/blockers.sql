-- The sessions that hold a lock which conflicts with one that the migration takes. The ages are shown to
-- the session's own role, to superusers and to members of pg_read_all_stats.
SET LOCAL search_path = pg_catalog, pg_temp;
SELECT held.pid AS pid, held.virtualtransaction AS transaction,
       min(activity.application_name) AS application, min(activity.usename::text) AS role,
       min(CASE WHEN activity.backend_type = 'autovacuum worker' THEN 'autovacuum' ELSE 'session' END) AS kind,
       string_agg(DISTINCT held.relation::regclass::text, ', ') AS relation,
       min(activity.state) AS state,
       (extract(epoch FROM clock_timestamp() - min(activity.query_start)) * 1000)::int8 AS query_ms,
       (extract(epoch FROM clock_timestamp() - min(activity.xact_start)) * 1000)::int8 AS transaction_ms
FROM (
{{conflicting}}) AS held LEFT JOIN pg_stat_activity activity ON activity.pid = held.pid
GROUP BY held.pid, held.virtualtransaction
ORDER BY held.pid;
