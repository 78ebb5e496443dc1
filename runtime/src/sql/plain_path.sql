-- The body may have changed the path.
SET LOCAL search_path = pg_catalog, pg_temp;
