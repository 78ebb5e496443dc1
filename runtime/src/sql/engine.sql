  -- Engines that are built from PostgreSQL's code, and that run all of this.
  IF version() ~ {{engines}} THEN
    IF strpos(version(), '-YB-') = 0 THEN
      RAISE EXCEPTION USING ERRCODE = 'ONW08', MESSAGE = version();
    END IF;
    -- YugabyteDB has DDL in transactions, by version and by a flag.
    IF current_setting('yb_ddl_transaction_block_enabled', true) IS DISTINCT FROM 'on' THEN
      RAISE EXCEPTION USING ERRCODE = 'ONW08', MESSAGE = version();
    END IF;
  END IF;
