-- Who holds a lock on something that the migration names, or queues for one. The ages are shown to the
-- session's own role, to superusers and to members of pg_read_all_stats.
SET LOCAL search_path = pg_catalog, pg_temp;
SELECT held.pid AS pid, held.virtualtransaction AS transaction,
       min(activity.application_name) AS application, min(activity.usename::text) AS role,
       min(CASE WHEN activity.backend_type = 'autovacuum worker' THEN 'vacuum' ELSE 'relation' END) AS holds,
       string_agg(DISTINCT held.relation::regclass::text, ', ') AS relation,
       min(activity.state) AS state,
       (extract(epoch FROM clock_timestamp() - min(activity.query_start)) * 1000)::int8 AS query_ms,
       (extract(epoch FROM clock_timestamp() - min(activity.xact_start)) * 1000)::int8 AS transaction_ms
FROM pg_locks held LEFT JOIN pg_stat_activity activity ON activity.pid = held.pid
WHERE held.locktype = 'relation' AND held.granted AND held.pid <> pg_backend_pid()
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND held.relation IN (SELECT oid FROM pg_class
    WHERE relname = ANY (string_to_array({{words}}, ' ')) AND relkind IN ('r', 'p', 'm', 'v', 'f'))
GROUP BY held.pid, held.virtualtransaction
ORDER BY held.pid;
