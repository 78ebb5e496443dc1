  -- Whether the tables with the progress of data migrations are those that a run has created: nothing that
  -- PostgreSQL evaluates when they are read or written is another role's. The lock keeps it so until the transaction
  -- ends. Only the catalogs are asked.
  LOCK TABLE {{schema}}.schema_migration_progress, {{schema}}.schema_migration_batch,
    {{schema}}.schema_migration_skipped IN {{mode}} MODE;
  WITH progress AS (
    SELECT relation.*, relation.oid::regclass::text AS name,
           (SELECT relowner FROM pg_class log WHERE log.oid = to_regclass({{log}})) AS log_owner
    FROM pg_class relation
    WHERE relation.oid IN (to_regclass({{progress}}), to_regclass({{batch}}), to_regclass({{skipped}}))
  ), problems(rank, name, owner, defect) AS (
    SELECT 1, name, relowner, 'is not an ordinary table' FROM progress
    WHERE relkind <> 'r' OR relispartition OR relhassubclass OR reloftype <> 0 OR relpersistence <> 'p'
      OR EXISTS (SELECT FROM pg_inherits WHERE progress.oid IN (inhrelid, inhparent))
    UNION ALL
    SELECT 2, name, relowner, 'belongs to another role than the ledger' FROM progress WHERE relowner <> log_owner
    UNION ALL
    SELECT 3, name, relowner, 'has a rule' FROM progress WHERE relhasrules
    UNION ALL
    SELECT 4, name, relowner, 'has row-level security' FROM progress
    WHERE relrowsecurity OR relforcerowsecurity OR EXISTS (SELECT FROM pg_policy WHERE polrelid = progress.oid)
    UNION ALL
    SELECT 5, name, relowner, format('has the trigger %I', tgname) FROM progress JOIN pg_trigger ON tgrelid = progress.oid
    UNION ALL
    SELECT 6, name, relowner, format('has a default or another type in the column %I', attname)
    FROM progress JOIN pg_attribute ON attrelid = progress.oid AND attnum > 0 AND NOT attisdropped
    WHERE atthasdef OR attidentity <> '' OR attgenerated <> '' OR atttypid >= 16384 OR attcollation >= 16384
    UNION ALL
    SELECT 7, name, relowner, format('has the constraint %I', conname)
    FROM progress JOIN pg_constraint ON conrelid = progress.oid WHERE contype NOT IN ('p', 'n')
    UNION ALL
    SELECT 8, name, relowner, format('has the index %s', indexrelid::regclass)
    FROM progress JOIN pg_index ON indrelid = progress.oid WHERE NOT indisprimary
  )
  SELECT name, pg_get_userbyid(owner)::text AS owner, defect INTO problem FROM problems ORDER BY rank, name LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW07', TABLE = problem.name, COLUMN = problem.owner, DATATYPE = problem.defect,
      HINT = 'Undo that, or as the owner of the schema drop the table and create it again as an empty ledger has it.',
      MESSAGE = format('refused the progress of data migrations: %s, owned by %s, %s', problem.name, problem.owner, problem.defect);
  END IF;
