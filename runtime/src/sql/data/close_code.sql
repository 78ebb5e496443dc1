SET CONSTRAINTS ALL IMMEDIATE;
SET LOCAL search_path = pg_catalog, pg_temp;
DO $onward$
DECLARE
  job record;
  began timestamptz := transaction_timestamp();
  upto jsonb := jsonb_build_array({{cursor}}::text);
  changed int8 := {{rows}}::int8;
BEGIN
  IF current_setting('onward.transaction', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_transaction_state',
      MESSAGE = 'the code has ended the transaction in which the cursor moves';
  END IF;
  SELECT * INTO job FROM {{schema}}.schema_migration_progress WHERE version = {{version}};
{{advance}}END
$onward$;
