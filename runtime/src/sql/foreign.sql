SET LOCAL search_path = pg_catalog, pg_temp;
SELECT pg_describe_object(classid, objid, 0) AS object
FROM (
{{objects}}) AS objects
ORDER BY 1
LIMIT 10;
