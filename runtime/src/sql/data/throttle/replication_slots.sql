SELECT 'replication-slots', slot_name::text, pg_wal_lsn_diff(written.lsn, restart_lsn),
       nullif(pg_size_bytes(current_setting('max_slot_wal_keep_size')), -1)::numeric, NULL::numeric,
       CASE WHEN active THEN 'in use' ELSE 'not in use' END
FROM pg_replication_slots, written WHERE restart_lsn IS NOT NULL
