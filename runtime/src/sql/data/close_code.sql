SET CONSTRAINTS ALL IMMEDIATE;
SET LOCAL search_path = pg_catalog, pg_temp;
DO $onward$
DECLARE
  job record;
  began timestamptz := transaction_timestamp();
  upto jsonb := jsonb_build_array({{cursor}}::text);
  changed int8 := {{rows}}::int8;
BEGIN
  SELECT * INTO job FROM {{schema}}.schema_migration_progress WHERE version = {{version}};
{{advance}}END
$onward$;
