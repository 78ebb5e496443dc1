-- pg_locks shows the halves of a 64-bit key, and int4 keys, as unsigned numbers; application_name
-- is visible to every role, the rest of another role's row is not.
SET LOCAL search_path = pg_catalog, pg_temp;
SELECT held.pid AS pid, min(activity.application_name) AS application, min(activity.usename::text) AS role,
       CASE WHEN bool_or(held.objsubid = 2) THEN 'onward' ELSE 'hashtext' END AS kind,
       min(activity.state) AS state,
       (extract(epoch FROM clock_timestamp() - min(activity.query_start)) * 1000)::int8 AS query_ms,
       (extract(epoch FROM clock_timestamp() - min(activity.xact_start)) * 1000)::int8 AS transaction_ms
FROM pg_locks held LEFT JOIN pg_stat_activity activity ON activity.pid = held.pid
WHERE held.locktype = 'advisory' AND held.granted AND held.pid <> pg_backend_pid()
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((held.objsubid = 2 AND held.classid = ({{high}}::int8 & 4294967295)::oid
                          AND held.objid = ({{low}}::int8 & 4294967295)::oid)
    OR (held.objsubid = 1 AND held.classid = ((hashtext({{name}})::int8 >> 32) & 4294967295)::oid
                          AND held.objid = (hashtext({{name}})::int8 & 4294967295)::oid))
GROUP BY held.pid
ORDER BY held.pid;
