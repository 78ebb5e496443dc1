-- A vacuum is no transaction that keeps dead rows. Every role sees which transactions are prepared, and of the
-- others its own.
SELECT 'long-transactions', concat('the transaction of session ', pid, ' (role ', usename, ', ', state, ')'),
       extract(epoch FROM clock_timestamp() - xact_start), NULL::numeric, NULL::numeric, NULL::text
FROM pg_stat_activity session
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
  AND backend_type <> 'autovacuum worker' AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)
UNION ALL
SELECT 'long-transactions', concat('the prepared transaction ', gid, ' (role ', owner, ')'),
       extract(epoch FROM clock_timestamp() - prepared), NULL, NULL, NULL
FROM pg_prepared_xacts WHERE database = current_database()
UNION ALL
SELECT 'long-transactions', NULL, NULL, count(*), NULL, NULL
FROM pg_stat_activity WHERE datname = current_database() AND backend_type IS NULL AND usesysid IS NOT NULL HAVING count(*) > 0
