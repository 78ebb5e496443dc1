SET LOCAL search_path = pg_catalog, pg_temp;
-- The indexes that sessions build in the schema at this moment. A phase counts blocks or rows.
SELECT true AS building, {{name}} || '.' || relname AS relation, phase,
       CASE WHEN blocks_total > 0 THEN blocks_done ELSE tuples_done END AS done,
       CASE WHEN blocks_total > 0 THEN blocks_total ELSE tuples_total END AS total
FROM pg_stat_progress_create_index JOIN pg_class ON pg_class.oid = relid
WHERE datname = current_database() AND relnamespace = to_regnamespace({{quoted}})
ORDER BY pid;
