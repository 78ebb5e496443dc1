-- Sets the state of a data migration, when it is as it was read.
{{begin}}DO $onward$
DECLARE
  problem record;
BEGIN
  SET LOCAL search_path = pg_catalog, pg_temp;
{{own_progress}}{{before}}  UPDATE {{schema}}.schema_migration_progress
  SET state = {{state}}, reason = {{reason}}, who = session_user, at = clock_timestamp(){{also}}
  WHERE version = {{version}} AND state = ANY ({{from}}::text[]) AND checksum = decode({{checksum}}, 'hex');
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW02', MESSAGE = 'the data migration has moved';
  END IF;
END
$onward$;
{{commit}}
