SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS standby,
       current_setting('max_connections')::int8 - current_setting('superuser_reserved_connections')::int8 AS connections,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,
       pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all
