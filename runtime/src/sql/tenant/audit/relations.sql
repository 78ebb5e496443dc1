-- What carries the tenant's column in the schemas, and views of other schemas that read it; all of that may be said without
-- reading a row.
WITH RECURSIVE space AS (
  SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY ({{schemas}}::name[])
), shown(oid) AS (
  SELECT class.oid FROM pg_catalog.pg_class class JOIN space ON space.oid = class.relnamespace
UNION
  SELECT rule.ev_class
  FROM shown JOIN pg_catalog.pg_depend depends ON depends.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND depends.refobjid = shown.oid AND depends.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
  JOIN pg_catalog.pg_rewrite rule ON rule.oid = depends.objid
)
SELECT format('%I.%I', space.nspname, class.relname) AS name, class.relkind::text, quote_ident(space.nspname),
       class.relispartition OR EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = class.oid) AS is_child,
       (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_catalog.pg_attribute
        WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
       class.reltuples::bigint, tenant.attnotnull, pg_catalog.pg_relation_is_updatable(class.oid, true),
       class.relrowsecurity,
       -- Keys that the tenant is not a part of.
       (SELECT string_agg(keyed.relname, chr(10) ORDER BY keyed.relname)
        FROM pg_catalog.pg_index key JOIN pg_catalog.pg_class keyed ON keyed.oid = key.indexrelid
        WHERE key.indrelid = class.oid AND (key.indisunique OR key.indisexclusion) AND key.indislive
          AND NOT tenant.attnum = ANY (key.indkey::int2[])) AS keys,
       (SELECT (SELECT string_agg(quote_ident(attname), ', ') FROM pg_catalog.pg_attribute
                WHERE attrelid = class.oid AND attnum = ANY (key.indkey::int2[]))
        FROM pg_catalog.pg_index key
        WHERE key.indrelid = class.oid AND key.indisunique AND key.indislive AND key.indpred IS NULL AND key.indexprs IS NULL
          AND NOT tenant.attnum = ANY (key.indkey::int2[]) ORDER BY key.indexrelid LIMIT 1) AS key_columns,
       -- A view's own text that names the setting.
       class.relkind = 'v' AND strpos(pg_catalog.pg_get_viewdef(class.oid), {{setting}}) > 0
         AND NOT coalesce(class.reloptions && ARRAY['security_barrier=true', 'security_barrier=on', 'security_barrier'], false)
         AS is_own_boundary,
       -- A column that the application may change; the tenant's, or one that no key has.
       (SELECT quote_ident(changed.attname) FROM pg_catalog.pg_attribute changed
        WHERE changed.attrelid = class.oid AND changed.attnum > 0 AND NOT changed.attisdropped AND changed.attgenerated = ''
          AND changed.attidentity <> 'a'
          AND pg_catalog.has_column_privilege({{role_name}}, class.oid, changed.attnum, 'UPDATE')
          AND (changed.attnum = tenant.attnum OR NOT EXISTS (SELECT FROM pg_catalog.pg_index key
            WHERE key.indrelid = class.oid AND changed.attnum = ANY (key.indkey::int2[])))
        ORDER BY changed.attnum <> tenant.attnum, changed.attnum LIMIT 1) AS change,
       (SELECT typcategory = 'S' FROM pg_catalog.pg_type WHERE pg_type.oid = tenant.atttypid) AS is_text
FROM pg_catalog.pg_class class
JOIN shown ON shown.oid = class.oid
JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
JOIN pg_catalog.pg_attribute tenant ON tenant.attrelid = class.oid AND tenant.attname = {{column}} AND NOT tenant.attisdropped
WHERE class.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY class.relkind NOT IN ('r', 'p'), 1;
