-- Only where the application can create something: a temporary table, or an object of a schema on the path.
SELECT string_agg(routine.oid::pg_catalog.regprocedure::text, ', ') FROM pg_catalog.pg_proc routine
WHERE routine.pronamespace = ANY ({{schemas}}::pg_catalog.regnamespace[]) AND routine.prosecdef
  AND NOT EXISTS (SELECT FROM unnest(routine.proconfig) AS set WHERE set ~ '^search_path=.*pg_temp"?$')
  AND (pg_catalog.has_database_privilege({{role_name}}, current_database(), 'TEMPORARY')
    OR EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE NOT starts_with(nspname::text, 'pg_')
      AND pg_catalog.has_schema_privilege({{role_name}}, oid, 'CREATE')))
