SELECT 'connections', 'the server', most.connections - count(*), most.connections, NULL::numeric, NULL::text
FROM (SELECT (current_setting('max_connections')::int4 - current_setting('superuser_reserved_connections')::int4
              - coalesce(current_setting('reserved_connections', true)::int4, 0))::numeric AS connections) most,
     pg_stat_activity session
WHERE coalesce(backend_type = 'client backend', datid IS NOT NULL AND usesysid IS NOT NULL)
GROUP BY most.connections
UNION ALL
SELECT 'connections', concat('the database ', datname), datconnlimit - (
         SELECT count(*) FROM pg_stat_activity session WHERE session.datid = pg_database.oid
           AND coalesce(backend_type = 'client backend', usesysid IS NOT NULL)), datconnlimit, NULL, NULL
FROM pg_database WHERE datname = current_database() AND datconnlimit >= 0
