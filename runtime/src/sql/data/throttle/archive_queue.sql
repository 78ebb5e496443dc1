-- The segments between the newest that is archived and the one that is written now. The files in archive_status say
-- the same to members of pg_monitor only, and listing them costs more the longer the queue is.
SELECT 'archive-queue', last_failed_wal,
       CASE WHEN last_archived_wal ~ '^[0-9A-F]{24}' THEN greatest(0, div(pg_wal_lsn_diff(written.lsn, '0/0'), segment.size)
         - ('x' || substr(last_archived_wal, 9, 8))::bit(32)::int8 * div(4294967296, segment.size)
         - ('x' || substr(last_archived_wal, 17, 8))::bit(32)::int8 - 1) END,
       NULL::numeric, NULL::numeric,
       CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity') THEN 'failing' END
FROM pg_stat_archiver, written, (SELECT pg_size_bytes(current_setting('wal_segment_size'))::numeric AS size) segment
WHERE current_setting('archive_mode') <> 'off'
