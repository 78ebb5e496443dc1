SELECT string_agg(DISTINCT read.oid::pg_catalog.regclass::text, ', ')
FROM pg_catalog.pg_policy policy
JOIN pg_catalog.pg_depend depends ON depends.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND depends.objid = policy.oid
  AND depends.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND depends.refobjid <> policy.polrelid
JOIN pg_catalog.pg_class read ON read.oid = depends.refobjid AND read.relkind IN ('r', 'p')
WHERE policy.polrelid = {{name}}::pg_catalog.regclass AND NOT read.relrowsecurity
  AND (pg_catalog.has_table_privilege({{role_name}}, read.oid, 'INSERT')
    OR pg_catalog.has_table_privilege({{role_name}}, read.oid, 'UPDATE'))
