  -- Whether the ledger is one that a run has created, before anything of it is read or written. What
  -- PostgreSQL evaluates when a table is read or written is the code of the role that put it there, and it
  -- runs with the rights of this one. Only the catalogs are asked, in a statement of its own: a view, a rule
  -- or a policy takes effect when a statement that names its table is analysed.
  DECLARE
    log_id oid := to_regclass({{log}});
    head_id oid := to_regclass({{head}});
  BEGIN
    IF log_id IS NULL OR head_id IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'undefined_table', MESSAGE = 'the schema has no migration ledger';
    END IF;
    -- Nearly every ledger is its reader's own and as this version creates it. That is asked first and in few words,
    -- because a new session has to plan them: to plan the search below takes four times as long. Each of its findings
    -- makes one of these conditions false. First that nothing was added, and what reading evaluates; then what writing
    -- does.
    IF (
      {{as_created}}
      AND {{as_written}}
    ) IS NOT TRUE THEN
      -- Names are looked up as they are now, and catalogs are read as they were when a transaction of repeatable
      -- read began: of a ledger that appeared in between nothing is known.
      IF (SELECT count(*) FROM pg_class WHERE oid IN (log_id, head_id)) <> 2 THEN
        RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'the migration ledger has just been created';
      END IF;
      WITH ledger AS (
        SELECT relation.*, schema.nspowner, relation.oid::regclass::text AS name,
               relation.oid = log_id AS is_log
        FROM pg_class relation JOIN pg_namespace schema ON schema.oid = relation.relnamespace
        WHERE relation.oid IN (log_id, head_id)
      ), trusted AS (
        -- A member of the role that owns the schema can drop and replace everything in it.
        SELECT role.oid FROM pg_roles role
        WHERE role.oid IN (SELECT relowner FROM ledger UNION ALL SELECT called.proowner
                           FROM ledger JOIN pg_trigger ON tgrelid = ledger.oid JOIN pg_proc called ON called.oid = tgfoid)
          AND (role.rolsuper OR role.rolname IN (current_user, session_user)
               OR (SELECT bool_and(pg_has_role(role.oid, nspowner, 'MEMBER')) FROM ledger))
      ), known(is_log, name, type, value) AS (
        VALUES (true, 'seq', 'int8'::regtype, NULL), (true, 'event', 'text', NULL), (true, 'category', 'text', NULL),
          (true, 'version', 'text', NULL), (true, 'name', 'text', NULL), (true, 'attempt', 'int4', '1'),
          (true, 'checksum', 'bytea', NULL), (true, 'plan', 'bytea', NULL), (true, 'build', 'text', NULL),
          (true, 'run', 'text', $text$''::text$text$), (true, 'compatible_from', 'text', NULL),
          (true, 'who', 'text', 'SESSION_USER'), (true, 'at', 'timestamptz', 'clock_timestamp()'),
          (true, 'ms', 'int4', NULL), (true, 'prev', 'bytea', NULL), (true, 'chain', 'bytea', NULL),
          (false, 'one', 'bool', 'true'), (false, 'seq', 'int8', NULL), (false, 'chain', 'bytea', NULL),
          (false, 'summary', 'jsonb', $text$'{}'::jsonb$text$)
      ), problems(rank, class, object, part, owner, defect, fix) AS (
        SELECT 1, 'pg_class'::regclass, oid, 0, relowner, 'is not an ordinary table', NULL::text
        FROM ledger WHERE relkind <> 'r' OR relispartition OR reloftype <> 0 OR relpersistence <> 'p'
        UNION ALL
        SELECT 2, 'pg_class'::regclass, oid, 0, relowner,
               format('belongs neither to %s, nor to the owner of the schema, nor to a superuser', current_user), NULL
        FROM ledger WHERE relowner NOT IN (SELECT oid FROM trusted)
        UNION ALL
        SELECT 3, 'pg_class'::regclass, other.oid, 0, other.relowner, 'is a parent or a child of ' || ledger.name,
               format('ALTER TABLE %s NO INHERIT %s', inhrelid::regclass, inhparent::regclass)
        FROM ledger JOIN pg_inherits ON ledger.oid IN (inhrelid, inhparent)
        JOIN pg_class other ON other.oid IN (inhrelid, inhparent) AND other.oid <> ledger.oid
        UNION ALL
        SELECT 4, 'pg_rewrite'::regclass, rule.oid, 0, relowner, 'is not a part of the ledger',
               format('DROP RULE %I ON %s', rulename, name)
        FROM ledger JOIN pg_rewrite rule ON ev_class = ledger.oid
        UNION ALL
        SELECT 5, 'pg_policy'::regclass, policy.oid, 0, relowner, 'is not a part of the ledger',
               format('DROP POLICY %I ON %s', polname, name)
        FROM ledger JOIN pg_policy policy ON polrelid = ledger.oid
        UNION ALL
        SELECT 6, 'pg_class'::regclass, oid, 0, relowner, 'has row-level security',
               format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', name)
        FROM ledger WHERE relrowsecurity OR relforcerowsecurity
        UNION ALL
        SELECT 7, 'pg_trigger'::regclass, fired.oid, 0, called.proowner,
               format('calls %s, which is not the function that onward creates', tgfoid::regprocedure),
               coalesce((SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
                         FROM pg_constraint WHERE pg_constraint.oid = tgconstraint),
                        format('DROP TRIGGER %I ON %s', tgname, name))
        FROM ledger JOIN pg_trigger fired ON tgrelid = ledger.oid LEFT JOIN pg_proc called ON called.oid = tgfoid
        WHERE (tgqual IS NULL AND tgnargs = 0 AND tgconstraint = 0 AND pronamespace = relnamespace
               AND CASE proname WHEN 'schema_migration_append_only' THEN prosrc = {{append_only}}
                     WHEN 'schema_migration_forward' THEN prosrc = {{forward}} ELSE false END
               AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql') AND NOT prosecdef
               AND proconfig = ARRAY['search_path=pg_catalog, pg_temp']
               AND proowner IN (SELECT oid FROM trusted)) IS NOT TRUE
        UNION ALL
        SELECT 8, 'pg_class'::regclass, ledger.oid, attnum, relowner,
               'is not a column of the ledger, or has another type, default or collation there',
               (SELECT format('ALTER TABLE %s ' || CASE WHEN bool_and(type = atttypid) IS NULL THEN 'DROP COLUMN %I'
                         WHEN min(value) IS NULL THEN 'ALTER COLUMN %I DROP DEFAULT' ELSE 'ALTER COLUMN %I SET DEFAULT %s' END,
                         ledger.name, attname, min(value))
                FROM known WHERE known.is_log = ledger.is_log AND known.name = attname HAVING bool_and(type = atttypid) IS NOT FALSE)
        FROM ledger JOIN pg_attribute ON attrelid = ledger.oid AND attnum > 0 AND NOT attisdropped
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE NOT EXISTS (
          SELECT FROM known
          WHERE known.is_log = ledger.is_log AND known.name = attname AND known.type = atttypid
            AND known.value IS NOT DISTINCT FROM pg_get_expr(adbin, adrelid)
            AND attgenerated = '' AND attidentity = '' AND attcollation IN (0, 'pg_catalog."default"'::regcollation))
        UNION ALL
        SELECT 9, 'pg_constraint'::regclass, held.oid, 0, relowner, 'is not a part of the ledger',
               format('ALTER TABLE %s DROP CONSTRAINT %I', name, conname)
        FROM ledger JOIN pg_constraint held ON conrelid = ledger.oid
        WHERE contype NOT IN ('p', 'u', 'n') AND (contype = 'c' AND pg_get_expr(conbin, conrelid) = ANY (
                CASE WHEN is_log THEN ARRAY[{{event_check}}, {{earlier_event_check}}, {{first_event_check}}, '(octet_length(checksum) = 32)'] ELSE ARRAY['one'] END)) IS NOT TRUE
        UNION ALL
        SELECT 10, 'pg_class'::regclass, indexrelid, 0, ledger.relowner, 'is not an index of the ledger',
               format('DROP INDEX %s', indexrelid::regclass)
        FROM ledger JOIN pg_index ON indrelid = ledger.oid
        WHERE EXISTS (SELECT FROM unnest(indclass::oid[] || indcollation::oid[]) AS part WHERE part >= 16384)
          OR translate(pg_get_expr(indexprs, indrelid), chr(10) || ' ', '') NOT IN ({{index_expressions}}, {{earlier_index_expressions}})
          OR pg_get_expr(indpred, indrelid) <> {{index_predicate}}
        UNION ALL
        SELECT 11, 'pg_statistic_ext'::regclass, stats.oid, 0, stxowner, 'is not a part of the ledger',
               format('DROP STATISTICS %s.%I', stxnamespace::regnamespace, stxname)
        FROM ledger JOIN pg_statistic_ext stats ON stxrelid = ledger.oid AND stxexprs IS NOT NULL
      )
      SELECT pg_describe_object(class, object, part) AS object, pg_get_userbyid(owner)::text AS owner, defect,
             coalesce(fix, format(
               'If it is a ledger of onward that another role created: ALTER TABLE %1$s OWNER TO %2$I. Otherwise: '
               'DROP %3$s %1$s CASCADE; REVOKE CREATE ON SCHEMA %4$s FROM %5$I, PUBLIC',
               object::regclass, current_user,
               (SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'
                         WHEN 'S' THEN 'SEQUENCE' WHEN 'i' THEN 'INDEX' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END
                FROM pg_class WHERE oid = object),
               (SELECT relnamespace::regnamespace FROM pg_class WHERE oid = object), pg_get_userbyid(owner))) AS fix
      INTO problem
      FROM problems ORDER BY rank, object, part LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'ONW07', TABLE = problem.object, COLUMN = problem.owner,
          DATATYPE = problem.defect, HINT = problem.fix,
          MESSAGE = format('refused the migration ledger: %s, owned by %s, %s', problem.object, problem.owner, problem.defect);
      END IF;
    END IF;
  END;
