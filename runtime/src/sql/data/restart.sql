-- Begins a data migration again: with the text that the plan has now, from the first row.
{{begin}}DO $onward$
DECLARE
  problem record;
BEGIN
  SET LOCAL search_path = pg_catalog, pg_temp;
{{own_progress}}  DELETE FROM {{schema}}.schema_migration_skipped WHERE version = {{version}};
  UPDATE {{schema}}.schema_migration_progress
  SET state = 'running', reason = NULL, checksum = decode({{checksum}}, 'hex'), pass = 0, position = NULL, goal = NULL,
      pass_rows = 0, before_rows = 0, scanned = 0, skipped = 0, batches = batches + 1, who = session_user, at = clock_timestamp()
  WHERE version = {{version}} AND state <> 'done';
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW02', MESSAGE = 'the data migration has moved';
  END IF;
END
$onward$;
{{commit}}
