-- Its condition is all that there is, where policies do not hold the role that the view reads as, or there are none.
WITH RECURSIVE read(oid, as_owner) AS (
  SELECT view.oid, NOT coalesce(view.reloptions && ARRAY['security_invoker=true', 'security_invoker=on'], false)
  FROM pg_catalog.pg_class view WHERE view.oid = {{name}}::pg_catalog.regclass
UNION
  SELECT depends.refobjid, read.as_owner
  FROM read JOIN pg_catalog.pg_rewrite rule ON rule.ev_class = read.oid
  JOIN pg_catalog.pg_depend depends ON depends.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
    AND depends.objid = rule.oid AND depends.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
)
SELECT count(*) FROM read
JOIN pg_catalog.pg_class base ON base.oid = read.oid AND base.relkind IN ('r', 'p')
JOIN pg_catalog.pg_class view ON view.oid = {{name}}::pg_catalog.regclass
JOIN pg_catalog.pg_roles owner ON owner.oid = view.relowner
WHERE NOT base.relrowsecurity OR (read.as_owner AND (owner.rolsuper OR owner.rolbypassrls
  OR (base.relowner = view.relowner AND NOT base.relforcerowsecurity)))
