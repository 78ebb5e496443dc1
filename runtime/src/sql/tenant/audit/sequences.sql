SELECT string_agg(counted.oid::pg_catalog.regclass::text, ', ')
FROM pg_catalog.pg_class counted
-- The function refuses what is not a sequence, and conditions have no order.
WHERE CASE counted.relkind WHEN 'S' THEN pg_catalog.has_sequence_privilege({{role_name}}, counted.oid, 'USAGE, SELECT')
      ELSE false END
  AND (EXISTS (SELECT FROM pg_catalog.pg_depend owned
      WHERE owned.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND owned.objid = counted.oid
        AND owned.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND owned.refobjid = {{name}}::pg_catalog.regclass)
    OR EXISTS (SELECT FROM pg_catalog.pg_depend used
      JOIN pg_catalog.pg_attrdef value ON used.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND used.objid = value.oid
      WHERE used.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND used.refobjid = counted.oid
        AND value.adrelid = {{name}}::pg_catalog.regclass))
