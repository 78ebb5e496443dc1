-- One of the rows that were left out, once more: alone, whatever the cursor says.
{{begin}}DO $onward$
DECLARE
  problem record;
  job record;
  began timestamptz := clock_timestamp();
  upto jsonb;
  changed int8 := 0;
{{declare}}BEGIN
{{claim}}  SELECT key INTO upto FROM {{schema}}.schema_migration_skipped
  WHERE version = {{version}} AND sqlstate = '' ORDER BY key LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW02', MESSAGE = 'the data migration has moved';
  END IF;
  PERFORM set_config('onward.key', upto::text, true);
{{upper}}{{enter}}{{work}}{{leave}}  UPDATE {{schema}}.schema_migration_progress SET position = job.position, scanned = job.scanned, size = job.size
  WHERE version = {{version}};
END
$onward$;
{{commit}}
