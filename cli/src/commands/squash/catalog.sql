-- Everything of a schema, one line each, as a server has it.
WITH schema AS (SELECT oid, nspname FROM pg_namespace WHERE nspname = $1::text),
relation AS (
  SELECT pg_class.* FROM pg_class JOIN schema ON relnamespace = schema.oid
  WHERE relname NOT LIKE 'schema\_migration\_%' AND relkind NOT IN ('t')
), routine AS (
  SELECT pg_proc.* FROM pg_proc JOIN schema ON pronamespace = schema.oid WHERE proname NOT LIKE 'schema\_migration\_%'
)
SELECT format('relation %s: kind %s, persistence %s, row security %s %s, options %s, rights %s, bound %s, replica identity %s',
         relname, relkind, relpersistence, relrowsecurity, relforcerowsecurity, reloptions, relacl,
         pg_get_expr(relpartbound, oid), relreplident) AS line
FROM relation WHERE relkind NOT IN ('i', 'I')
UNION ALL
SELECT format('column %s.%s: place %s, type %s, not null %s, default %s, identity %s, generated %s, collation %s, statistics %s, '
         'storage %s, rights %s, options %s', relname, attname, row_number() OVER (PARTITION BY attrelid ORDER BY attnum),
         format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attidentity, attgenerated,
         attcollation::regcollation, nullif(attstattarget, -1), attstorage, attacl, attoptions)
FROM relation JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relkind NOT IN ('i', 'I')
UNION ALL
SELECT format('constraint %s on %s: %s, validated %s, parents %s', conname, coalesce(relname, contypid::regtype::text),
         pg_get_constraintdef(pg_constraint.oid), convalidated, coninhcount)
FROM pg_constraint JOIN schema ON connamespace = schema.oid LEFT JOIN pg_class ON pg_class.oid = conrelid
WHERE coalesce(relname, '') NOT LIKE 'schema\_migration\_%'
UNION ALL
SELECT format('index %s: %s, valid %s, clustered %s', relation.relname, pg_get_indexdef(indexrelid), indisvalid, indisclustered)
FROM relation JOIN pg_index ON indexrelid = relation.oid
JOIN pg_class indexed ON indexed.oid = indrelid WHERE indexed.relname NOT LIKE 'schema\_migration\_%'
UNION ALL
SELECT format('inherits %s from %s, %s, detached %s', inhrelid::regclass, inhparent::regclass, inhseqno, inhdetachpending)
FROM relation JOIN pg_inherits ON inhrelid = relation.oid
UNION ALL
SELECT format('view %s: %s', relname, pg_get_viewdef(oid)) FROM relation WHERE relkind IN ('v', 'm')
UNION ALL
SELECT format('rule %s on %s: %s', rulename, relname, pg_get_ruledef(pg_rewrite.oid))
FROM relation JOIN pg_rewrite ON ev_class = relation.oid WHERE rulename <> '_RETURN'
UNION ALL
SELECT format('trigger on %s: %s, enabled %s', relname, pg_get_triggerdef(pg_trigger.oid), tgenabled)
FROM relation JOIN pg_trigger ON tgrelid = relation.oid WHERE NOT tgisinternal
UNION ALL
SELECT format('policy %s on %s: for %s, permissive %s, to %s, using %s, check %s', polname, relname, polcmd, polpermissive,
         (SELECT string_agg(coalesce(rolname, 'public'), ',' ORDER BY rolname) FROM unnest(polroles) role
          LEFT JOIN pg_roles ON pg_roles.oid = role), pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
FROM relation JOIN pg_policy ON polrelid = relation.oid
UNION ALL
SELECT format('routine %s(%s): %s, rights %s', proname, pg_get_function_identity_arguments(routine.oid),
         CASE WHEN prokind IN ('f', 'p') THEN pg_get_functiondef(routine.oid) ELSE prokind::text END, proacl)
FROM routine
UNION ALL
SELECT format('type %s: %s, base %s, not null %s, default %s, labels %s, rights %s', typname, typtype,
         format_type(nullif(typbasetype, 0), typtypmod), typnotnull, typdefault,
         (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = pg_type.oid), typacl)
FROM pg_type JOIN schema ON typnamespace = schema.oid
WHERE typcategory <> 'A' AND typname NOT LIKE 'schema\_migration\_%'
UNION ALL
SELECT format('sequence %s: start %s, step %s, from %s to %s, cache %s, cycle %s, last %s', sequencename, start_value,
         increment_by, min_value, max_value, cache_size, cycle, last_value)
FROM pg_sequences JOIN schema ON schemaname = nspname
UNION ALL
SELECT format('statistics %s: %s', stxname, pg_get_statisticsobjdef(pg_statistic_ext.oid))
FROM pg_statistic_ext JOIN schema ON stxnamespace = schema.oid
UNION ALL
SELECT format('comment on %s %s: %s', pg_describe_object(classoid, objoid, objsubid), objsubid, description)
FROM pg_description
WHERE (classoid, objoid) IN (SELECT 'pg_class'::regclass, oid FROM relation UNION ALL SELECT 'pg_proc'::regclass, oid FROM routine
  UNION ALL SELECT 'pg_type'::regclass, pg_type.oid FROM pg_type JOIN schema ON typnamespace = schema.oid
  UNION ALL SELECT 'pg_constraint'::regclass, pg_constraint.oid FROM pg_constraint JOIN schema ON connamespace = schema.oid
  UNION ALL SELECT 'pg_namespace'::regclass, oid FROM schema)
UNION ALL
SELECT format('schema: rights %s', nspacl) FROM pg_namespace WHERE nspname = $1::text
UNION ALL
SELECT format('default rights for %s on %s: %s', defaclrole::regrole, defaclobjtype, defaclacl)
FROM pg_default_acl JOIN schema ON defaclnamespace = schema.oid
UNION ALL
SELECT format('publication %s: %s', pubname, relname)
FROM pg_publication_rel JOIN relation ON relation.oid = prrelid JOIN pg_publication ON pg_publication.oid = prpubid
UNION ALL
SELECT format('extension %s %s in %s', extname, extversion, extnamespace::regnamespace) FROM pg_extension
UNION ALL
SELECT format('rows of %s: %s', relname, (xpath('/row/rows/text()', query_to_xml(
         format('SELECT count(*) AS rows FROM %I.%I', $1::text, relname), false, true, '')))[1])
FROM relation WHERE relkind = 'r'
ORDER BY 1
