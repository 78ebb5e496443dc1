DO $onward$
DECLARE
  problem record;
  job record;
BEGIN
{{claim}}  -- What the code does has to be committed with the cursor.
  PERFORM set_config('onward.transaction', pg_current_xact_id()::text, true);
END
$onward$;
