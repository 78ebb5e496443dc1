-- What carries the tenant's column in the schemas, and what may be said of it without reading a row.
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
         AS is_own_boundary
FROM pg_catalog.pg_class class
JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
JOIN pg_catalog.pg_attribute tenant ON tenant.attrelid = class.oid AND tenant.attname = {{column}} AND NOT tenant.attisdropped
WHERE space.nspname = ANY ({{schemas}}::name[]) AND class.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY class.relkind NOT IN ('r', 'p'), 1;
