-- Which sessions vacuum the table. Every role sees the locks, and that a session without a role is the server's own.
SELECT 'autovacuum', class.oid::regclass::text, NULL::numeric, NULL::numeric, NULL::numeric,
       CASE WHEN age(class.relfrozenxid) >= least(current_setting('autovacuum_freeze_max_age')::int8,
                   (options ->> 'autovacuum_freeze_max_age')::int8)
              OR mxid_age(class.relminmxid) >= least(current_setting('autovacuum_multixact_freeze_max_age')::int8,
                   (options ->> 'autovacuum_multixact_freeze_max_age')::int8)
            THEN 'wraparound' END
FROM walked JOIN pg_class class ON class.oid = walked.relation AND class.relkind IN ('r', 'm')
CROSS JOIN LATERAL (SELECT jsonb_object_agg(option_name, option_value) FROM pg_options_to_table(class.reloptions)) AS set(options)
WHERE EXISTS (
  SELECT FROM locks JOIN pg_stat_activity session ON session.pid = locks.pid
  WHERE locks.relation IN (class.oid, nullif(class.reltoastrelid, 0)) AND locks.granted AND locks.mode = 'ShareUpdateExclusiveLock'
    AND locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (session.usesysid IS NULL OR session.pid IN (SELECT pid FROM pg_stat_progress_vacuum)))
