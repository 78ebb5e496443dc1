SELECT 'wal-rate', NULL::text, pg_wal_lsn_diff(written.lsn, '0/0'), NULL::numeric, NULL::numeric, NULL::text FROM written
