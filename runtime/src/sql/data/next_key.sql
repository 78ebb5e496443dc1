-- The key of the one row behind the cursor.
{{begin}}DO $onward$
DECLARE
  problem record;
  job record;
  upto jsonb;
{{declare}}BEGIN
{{claim}}{{range}}  PERFORM set_config('onward.key', upto::text, true);
END
$onward$;
SELECT pg_catalog.current_setting('onward.key') AS key;
