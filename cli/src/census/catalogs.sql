-- Everything in the schema $1, one row a property, in the server's own words: pg_get_*def() writes the same text for every
-- spelling of one definition. Relations named in $2, the ledger's own and what extensions have brought are left out.
WITH own AS (
  SELECT oid, nspname::text AS name FROM pg_namespace WHERE nspname = $1
), relation AS (
  SELECT c.*, own.name || '.' || c.relname AS path,
         CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
                        WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'type' ELSE 'table' END AS kind
  FROM pg_class c JOIN own ON own.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
    AND c.relname !~ '^schema_migration_(log|head|progress|batch|skipped|history)$'
    AND NOT (c.relname = 'schema_migrations' AND c.relkind = 'v')
    AND c.relname <> ALL ($2)
    AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_class ignored ON ignored.oid = d.refobjid
                    WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.refclassid = 'pg_class'::regclass AND ignored.relname = ANY ($2))
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), routine AS (
  SELECT p.*, own.name || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS path,
         CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind
  FROM pg_proc p JOIN own ON own.oid = p.pronamespace
  WHERE p.proname !~ '^schema_migration_(claim|record|append_only|forward)$'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
), typ AS (
  SELECT t.*, own.name || '.' || t.typname AS path
  FROM pg_type t JOIN own ON own.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd', 'r') AND t.typcategory <> 'A'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
), fact AS (
  SELECT kind, path, NULL::text AS of, p.property, p.value
  FROM relation r LEFT JOIN LATERAL (VALUES
    ('kept', CASE r.relpersistence WHEN 'u' THEN 'unlogged' END),
    ('row-level security', CASE WHEN r.relrowsecurity THEN 'enabled' END),
    ('row-level security of the owner', CASE WHEN r.relforcerowsecurity THEN 'forced' END),
    ('options', array_to_string(r.reloptions, ', ')),
    ('replica identity', CASE r.relreplident WHEN 'f' THEN 'full' WHEN 'i' THEN
      (SELECT 'index ' || indexrelid::regclass::text FROM pg_index WHERE indrelid = r.oid AND indisreplident)
      WHEN 'n' THEN 'nothing' END),
    ('partitioned by', CASE r.relkind WHEN 'p' THEN pg_get_partkeydef(r.oid) END),
    ('partition', (SELECT inhparent::regclass::text || ' ' || pg_get_expr(r.relpartbound, r.oid)
                   FROM pg_inherits WHERE inhrelid = r.oid AND r.relispartition)),
    ('inherits', (SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno)
                  FROM pg_inherits WHERE inhrelid = r.oid AND NOT r.relispartition)),
    ('query', CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.oid) END)
  ) AS p (property, value) ON true
  WHERE r.relkind NOT IN ('S', 'c')
  UNION ALL
  SELECT 'column', r.path || '.' || a.attname, r.path, p.property, p.value
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  CROSS JOIN LATERAL (VALUES
    ('type', format_type(a.atttypid, a.atttypmod)),
    ('collation', (SELECT c.collname::text FROM pg_collation c JOIN pg_type t ON t.oid = a.atttypid
                   WHERE c.oid = a.attcollation AND a.attcollation <> t.typcollation)),
    ('nulls', CASE WHEN NOT a.attnotnull THEN 'allowed' WHEN EXISTS (
       SELECT FROM pg_constraint c
       WHERE c.conrelid = a.attrelid AND c.contype = 'n' AND a.attnum = ANY (c.conkey) AND NOT c.convalidated)
       THEN 'not null, not valid' ELSE 'not null' END),
    ('default', CASE a.attgenerated WHEN '' THEN pg_get_expr(d.adbin, d.adrelid) END),
    ('generated', CASE WHEN a.attgenerated <> '' THEN
      pg_get_expr(d.adbin, d.adrelid) || CASE a.attgenerated WHEN 's' THEN ' stored' ELSE ' virtual' END END),
    ('identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END)
  ) AS p (property, value)
  WHERE r.relkind IN ('r', 'p', 'f', 'c')
  UNION ALL
  SELECT 'constraint', c.conname || ' on ' || r.path, r.path, 'definition', pg_get_constraintdef(c.oid)
  FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid
  WHERE c.contype IN ('c', 'f', 'p', 'u', 'x') AND c.conparentid = 0 AND (c.conislocal OR c.contype <> 'c')
  UNION ALL
  SELECT 'index', own.name || '.' || i.relname, r.path, p.property, p.value
  FROM own CROSS JOIN relation r JOIN pg_index x ON x.indrelid = r.oid JOIN pg_class i ON i.oid = x.indexrelid
  CROSS JOIN LATERAL (VALUES
    ('definition', pg_get_indexdef(i.oid)),
    ('state', CASE WHEN NOT x.indisvalid THEN 'invalid' END)
  ) AS p (property, value)
  WHERE NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.oid)
    AND (NOT x.indisvalid OR NOT EXISTS (
      SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u', 'x')))
  UNION ALL
  SELECT 'trigger', t.tgname || ' on ' || r.path, r.path, p.property, p.value
  FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal AND t.tgparentid = 0
  CROSS JOIN LATERAL (VALUES
    ('definition', pg_get_triggerdef(t.oid)),
    ('fires', CASE t.tgenabled WHEN 'D' THEN 'never' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END)
  ) AS p (property, value)
  UNION ALL
  SELECT 'rule', u.rulename || ' on ' || r.path, r.path, 'definition', pg_get_ruledef(u.oid)
  FROM relation r JOIN pg_rewrite u ON u.ev_class = r.oid AND u.rulename <> '_RETURN'
  UNION ALL
  SELECT 'policy', y.polname || ' on ' || r.path, r.path, p.property, p.value
  FROM relation r JOIN pg_policy y ON y.polrelid = r.oid
  CROSS JOIN LATERAL (VALUES
    ('command', CASE y.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                ELSE 'ALL' END || CASE WHEN y.polpermissive THEN '' ELSE ', restrictive' END),
    ('roles', (SELECT string_agg(CASE o.role WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(o.role)::text END, ', ' ORDER BY 1)
               FROM unnest(y.polroles) AS o (role))),
    ('using', pg_get_expr(y.polqual, y.polrelid)),
    ('check', pg_get_expr(y.polwithcheck, y.polrelid))
  ) AS p (property, value)
  UNION ALL
  SELECT 'sequence', r.path, NULL, p.property, p.value
  FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid
  CROSS JOIN LATERAL (VALUES
    ('type', format_type(s.seqtypid, NULL)),
    ('start', s.seqstart::text), ('increment', s.seqincrement::text), ('least', s.seqmin::text), ('greatest', s.seqmax::text),
    ('cache', s.seqcache::text), ('cycles', CASE WHEN s.seqcycle THEN 'yes' END),
    ('owned by', (SELECT d.refobjid::regclass::text || '.' || a.attname
                  FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i')
                    AND d.refclassid = 'pg_class'::regclass LIMIT 1))
  ) AS p (property, value)
  UNION ALL
  SELECT f.kind, f.path, NULL, 'definition',
         CASE WHEN f.prokind <> 'a' THEN pg_get_functiondef(f.oid) ELSE
           (SELECT concat_ws(' ', g.aggtransfn, g.aggfinalfn, g.aggtranstype::regtype, g.agginitval)
            FROM pg_aggregate g WHERE g.aggfnoid = f.oid) END
  FROM routine f
  UNION ALL
  SELECT 'type', t.path, NULL, p.property, p.value
  FROM typ t CROSS JOIN LATERAL (VALUES
    ('kind', CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'range' END),
    ('labels', (SELECT string_agg(e.enumlabel::text, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)),
    ('of', CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
           WHEN 'r' THEN (SELECT format_type(g.rngsubtype, NULL) FROM pg_range g WHERE g.rngtypid = t.oid) END),
    ('nulls', CASE WHEN t.typtype = 'd' AND t.typnotnull THEN 'not null' END),
    ('default', CASE WHEN t.typtype = 'd' THEN t.typdefault END)
  ) AS p (property, value)
  UNION ALL
  SELECT 'type', r.path, NULL, 'kind', 'composite' FROM relation r WHERE r.relkind = 'c'
  UNION ALL
  SELECT 'constraint', c.conname || ' on ' || t.path, t.path, 'definition', pg_get_constraintdef(c.oid)
  FROM typ t JOIN pg_constraint c ON c.contypid = t.oid AND c.contype = 'c'
  UNION ALL
  SELECT 'statistics', own.name || '.' || s.stxname, s.stxrelid::regclass::text, 'definition', pg_get_statisticsobjdef(s.oid)
  FROM pg_statistic_ext s JOIN own ON own.oid = s.stxnamespace
), held AS (
  SELECT r.kind, r.path, r.relowner AS owner, r.relacl AS acl,
         acldefault(CASE r.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, r.relowner) AS usual
  FROM relation r WHERE r.relkind <> 'c'
  UNION ALL
  SELECT 'column', r.path || '.' || a.attname, r.relowner, a.attacl, NULL::aclitem[]
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attacl IS NOT NULL
  UNION ALL
  SELECT f.kind, f.path, f.proowner, f.proacl, acldefault('f', f.proowner) FROM routine f
  UNION ALL
  SELECT 'type', t.path, t.typowner, t.typacl, acldefault('T', t.typowner) FROM typ t
  UNION ALL
  SELECT 'schema', n.nspname, n.nspowner, n.nspacl, acldefault('n', n.nspowner) FROM pg_namespace n JOIN own USING (oid)
), granted AS (
  SELECT h.kind, h.path, g.grantee, g.privilege_type, g.is_grantable
  FROM held h, aclexplode(coalesce(h.acl, h.usual)) g WHERE g.grantee <> h.owner
), usual AS (
  SELECT h.kind, h.path, g.grantee, g.privilege_type, g.is_grantable
  FROM held h, aclexplode(h.usual) g WHERE g.grantee <> h.owner
), given AS (
  SELECT 'grant' AS word, g.* FROM (TABLE granted EXCEPT TABLE usual) g
  UNION ALL
  SELECT 'revoke', g.* FROM (TABLE usual EXCEPT TABLE granted) g
)
SELECT kind, path, of, property, value FROM fact
UNION ALL
SELECT word, format('%s on %s %s, %s', privilege_type, kind, path,
                    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END),
       CASE WHEN kind <> 'schema' THEN path END, 'with the right to pass it on', CASE WHEN is_grantable THEN 'yes' END
FROM given
ORDER BY 1, 2, 4
