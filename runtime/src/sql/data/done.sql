-- In the transaction of the line that says that the data migration is done.
DO $onward$
DECLARE
  problem record;
  job record;
BEGIN
{{claim}}  UPDATE {{schema}}.schema_migration_progress SET state = 'done', reason = NULL, at = clock_timestamp()
  WHERE version = {{version}};
END
$onward$;
