-- Leaves the one row behind the cursor out, for good unless it is taken again.
{{begin}}DO $onward$
DECLARE
  problem record;
  job record;
  began timestamptz := clock_timestamp();
  upto jsonb;
  changed int8 := 0;
{{declare}}BEGIN
{{claim}}{{range}}  INSERT INTO {{schema}}.schema_migration_skipped (version, key, sqlstate, object, at)
  VALUES ({{version}}, upto, {{sqlstate}}, {{object}}, clock_timestamp())
  ON CONFLICT (version, key) DO UPDATE SET sqlstate = excluded.sqlstate, object = excluded.object, at = excluded.at;
  UPDATE {{schema}}.schema_migration_progress SET skipped = skipped + 1 WHERE version = {{version}};
{{advance}}END
$onward$;
{{commit}}
