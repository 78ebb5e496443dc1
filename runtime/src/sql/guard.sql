  -- Both keys belong to the transaction: whatever ends it frees them.
  IF pg_is_in_recovery()
     OR NOT pg_try_advisory_xact_lock({{high}}::int4, {{low}}::int4)
     OR NOT pg_try_advisory_xact_lock(hashtext({{name}})::int8) THEN
    IF pg_is_in_recovery() THEN
      RAISE EXCEPTION USING ERRCODE = 'ONW05', MESSAGE = 'the server is a standby';
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'ONW01', MESSAGE = 'another session holds the migration lock';
  END IF;
