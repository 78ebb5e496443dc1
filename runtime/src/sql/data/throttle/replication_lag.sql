SELECT 'replication-lag', coalesce(nullif(application_name, ''), pid::text), pg_wal_lsn_diff(written.lsn, replay_lsn),
       NULL::numeric, NULL::numeric, NULL::text
FROM pg_stat_replication, written WHERE coalesce(state, '') NOT IN ('startup', 'backup')
