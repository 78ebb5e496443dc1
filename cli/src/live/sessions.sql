-- The sessions that hold a lock on one of the relations, or wait for one.
SELECT n.nspname || '.' || c.relname AS relation, l.mode AS mode, l.granted AS granted, coalesce(l.pid, 0)::int8 AS pid,
       coalesce(a.application_name, '') AS application, coalesce(a.usename::text, '') AS role, coalesce(a.state, '') AS state,
       (extract(epoch FROM clock_timestamp() - a.xact_start) * 1000)::int8 AS ms
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.pid IS DISTINCT FROM pg_backend_pid() AND n.nspname || '.' || c.relname = ANY ($1)
ORDER BY 1, l.granted DESC, ms DESC NULLS LAST, pid
