-- Begins a pass over the table: from its first row to the one that is the last now.
{{begin}}DO $onward$
DECLARE
  problem record;
  job record;
  goal jsonb;
BEGIN
{{claim}}{{goal}}  UPDATE {{schema}}.schema_migration_progress progress
  SET pass = progress.pass + 1, position = NULL, goal = pass.goal, before_rows = pass_rows, pass_rows = 0, scanned = 0, size = {{size}}::int4
  FROM (VALUES (goal)) AS pass(goal) WHERE version = {{version}};
END
$onward$;
{{commit}}
