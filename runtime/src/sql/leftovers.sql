SET LOCAL search_path = pg_catalog, pg_temp;
SELECT relname AS name FROM pg_class
WHERE relnamespace = to_regnamespace({{quoted}}) AND relkind = 'i'
  AND starts_with(relname::text, {{stem}})
ORDER BY relname;
