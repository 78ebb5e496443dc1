-- Functions of any schema that run as their owner and that the application may call, with arguments made up for their types;
-- and views without the tenant's column in the schemas, or over them.
WITH RECURSIVE shown(oid) AS (
  SELECT class.oid FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
  WHERE space.nspname = ANY ({{schemas}}::name[])
UNION
  SELECT rule.ev_class
  FROM shown JOIN pg_catalog.pg_depend depends ON depends.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND depends.refobjid = shown.oid AND depends.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
  JOIN pg_catalog.pg_rewrite rule ON rule.oid = depends.objid
)
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
WHERE NOT starts_with(space.nspname::text, 'pg_') AND space.nspname <> 'information_schema'
  AND routine.prosecdef AND routine.prokind = 'f'
  AND routine.prorettype NOT IN ('trigger'::pg_catalog.regtype, 'event_trigger'::pg_catalog.regtype)
  AND pg_catalog.has_schema_privilege({{role_name}}, space.oid, 'USAGE')
  AND pg_catalog.has_function_privilege({{role_name}}, routine.oid, 'EXECUTE')
  -- What an extension brings is not the service's.
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend WHERE classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    AND objid = routine.oid AND deptype = 'e')
UNION ALL
SELECT format('%I.%I', space.nspname, view.relname), format('%I.%I', space.nspname, view.relname), false,
       CASE view.relkind WHEN 'm' THEN 9 ELSE 5 END
FROM pg_catalog.pg_class view JOIN shown ON shown.oid = view.oid
JOIN pg_catalog.pg_namespace space ON space.oid = view.relnamespace
WHERE view.relkind = 'v'
  AND NOT starts_with(view.relname::text, 'schema_migration')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = view.oid AND attname = {{column}} AND NOT attisdropped)
ORDER BY 1;
