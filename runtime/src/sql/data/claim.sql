-- Opens every write of a data migration. The row is the switch, the lock between two workers, and the cursor: what
-- is not as it was read ends the transaction before anything is touched.
  SET LOCAL search_path = pg_catalog, pg_temp;
  IF pg_is_in_recovery() THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW05', MESSAGE = 'the server is a standby';
  END IF;
{{own_progress}}  UPDATE {{schema}}.schema_migration_progress SET worker = {{worker}}, at = clock_timestamp()
  WHERE version = {{version}} AND state = 'running' AND checksum = decode({{checksum}}, 'hex')
    AND pass = {{pass}}::int4 AND batches = {{batches}}::int8
  RETURNING * INTO job;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW02', MESSAGE = 'the data migration has moved';
  END IF;
