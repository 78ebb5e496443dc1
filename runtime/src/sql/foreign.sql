SET LOCAL search_path = pg_catalog, pg_temp;
SELECT pg_describe_object(classid, objid, 0) AS object
FROM (
  SELECT 'pg_class'::regclass AS classid, oid AS objid FROM pg_class
  WHERE relnamespace = to_regnamespace({{quoted}}) AND relkind NOT IN ('i', 'I', 't')
  UNION ALL
  SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = to_regnamespace({{quoted}})
  UNION ALL
  SELECT 'pg_type'::regclass, oid FROM pg_type
  WHERE typnamespace = to_regnamespace({{quoted}}) AND typtype <> 'c' AND typcategory <> 'A'
) AS objects
ORDER BY 1
LIMIT 10;
