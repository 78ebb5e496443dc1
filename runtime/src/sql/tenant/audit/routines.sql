-- Functions that run as their owner and that the application may call, with arguments made up for their types; and views
-- without the tenant's column that read tables which have it. `has_arguments` are those that some argument would matter to.
SELECT format('%I.%I', space.nspname, routine.proname) AS name,
       format('%I.%I(%s)', space.nspname, routine.proname, (
         SELECT string_agg(CASE WHEN kind.oid = 'uuid'::pg_catalog.regtype THEN format('%L::uuid', {{other}}::text)
             WHEN kind.typcategory = 'S' THEN format('%L::%s', {{other}}::text, kind.oid::pg_catalog.regtype)
             WHEN kind.typcategory = 'N' THEN format('1::%s', kind.oid::pg_catalog.regtype)
             WHEN kind.typcategory = 'B' THEN 'true'
             ELSE format('NULL::%s', kind.oid::pg_catalog.regtype) END, ', ' ORDER BY argument.place)
         FROM unnest(routine.proargtypes::oid[]) WITH ORDINALITY AS argument(type, place)
         JOIN pg_catalog.pg_type kind ON kind.oid = argument.type)) AS called,
       routine.pronargs > 0 AS has_arguments, 11 AS kind
FROM pg_catalog.pg_proc routine JOIN pg_catalog.pg_namespace space ON space.oid = routine.pronamespace
WHERE space.nspname = ANY ({{schemas}}::name[]) AND routine.prosecdef AND routine.prokind = 'f'
  AND routine.prorettype NOT IN ('trigger'::pg_catalog.regtype, 'event_trigger'::pg_catalog.regtype)
  AND pg_catalog.has_function_privilege({{role_name}}, routine.oid, 'EXECUTE')
UNION ALL
SELECT format('%I.%I', space.nspname, view.relname), format('%I.%I', space.nspname, view.relname), false,
       CASE view.relkind WHEN 'm' THEN 9 ELSE 5 END
FROM pg_catalog.pg_class view JOIN pg_catalog.pg_namespace space ON space.oid = view.relnamespace
WHERE space.nspname = ANY ({{schemas}}::name[]) AND view.relkind = 'v'
  AND NOT starts_with(view.relname::text, 'schema_migration')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = view.oid AND attname = {{column}} AND NOT attisdropped)
ORDER BY 1;
