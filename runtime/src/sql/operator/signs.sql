-- What may be a sign of an attempt: a session that runs its statement, and an index that is not valid.
SET LOCAL search_path = pg_catalog, pg_temp;
SELECT 'invalid' AS kind, indexrelid::regclass::text AS name, NULL::int4 AS pid, NULL::int8 AS ms
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = to_regnamespace({{quoted}}) AND NOT indisvalid AND relkind = 'i'
UNION ALL
SELECT 'running', application_name, pid, (extract(epoch FROM clock_timestamp() - query_start) * 1000)::int8
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
  AND {{statement}} <> '' AND strpos(query, left({{statement}}, 300)) > 0
  -- The same look of another operator has the statement in its text, and does not run it.
  AND (strpos(query, 'pg_stat_activity') = 0 OR strpos({{statement}}, 'pg_stat_activity') > 0)
ORDER BY 1, 2;
