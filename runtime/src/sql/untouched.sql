  -- A role that may create triggers on the ledger could have done so behind the look. From here on it
  -- cannot, and nothing but the owner can change more than that.
  LOCK TABLE {{schema}}.schema_migration_log, {{schema}}.schema_migration_head IN ROW EXCLUSIVE MODE;
  IF EXISTS (
    SELECT FROM pg_trigger JOIN pg_class ledger ON ledger.oid = tgrelid
    WHERE ledger.relnamespace = to_regnamespace(quote_ident({{name}}))
      AND ledger.relname IN ('schema_migration_log', 'schema_migration_head')
      AND (ledger.relname, tgname) NOT IN (
        ('schema_migration_log', 'schema_migration_append_only'), ('schema_migration_log', 'schema_migration_no_truncate'),
        ('schema_migration_head', 'schema_migration_forward'), ('schema_migration_head', 'schema_migration_no_truncate'))
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW02', MESSAGE = 'the ledger has a new trigger';
  END IF;
