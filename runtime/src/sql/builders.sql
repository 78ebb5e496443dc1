SET LOCAL search_path = pg_catalog, pg_temp;
SELECT held.pid AS pid, activity.application_name AS application, activity.usename AS role, 'index build' AS kind,
       held.relation::regclass::text AS relation, activity.state AS state,
       (extract(epoch FROM clock_timestamp() - activity.query_start) * 1000)::int8 AS query_ms,
       (extract(epoch FROM clock_timestamp() - activity.xact_start) * 1000)::int8 AS transaction_ms
FROM pg_locks held LEFT JOIN pg_stat_activity activity ON activity.pid = held.pid
WHERE held.locktype = 'relation' AND held.granted AND held.mode = 'ShareUpdateExclusiveLock'
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND held.relation = to_regclass({{table}})
ORDER BY held.pid;
