-- What makes a migration dangerous or slow on this server now, a line each: its kind, its name, bytes or milliseconds.
WITH place AS (
  SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS lsn
)
SELECT 'replica' AS kind, coalesce(nullif(application_name, ''), 'pid ' || pid) || coalesce(', ' || state, '') AS name,
       pg_wal_lsn_diff(place.lsn, replay_lsn)::int8 AS bytes, (extract(epoch FROM replay_lag) * 1000)::int8 AS ms
FROM pg_stat_replication, place
UNION ALL
SELECT 'inactive slot', slot_name::text || ', ' || slot_type, pg_wal_lsn_diff(place.lsn, restart_lsn)::int8, NULL
FROM pg_replication_slots, place WHERE NOT active
UNION ALL
SELECT 'long transaction', format('pid %s ''%s'' of role ''%s'', %s', pid, application_name, usename, state), NULL,
       (extract(epoch FROM clock_timestamp() - xact_start) * 1000)::int8
FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start < clock_timestamp() - interval '10 s'
UNION ALL
SELECT 'prepared transaction', format('''%s'' of role ''%s''', gid, owner), NULL,
       (extract(epoch FROM clock_timestamp() - prepared) * 1000)::int8
FROM pg_prepared_xacts WHERE database = current_database()
ORDER BY kind, ms DESC NULLS LAST
