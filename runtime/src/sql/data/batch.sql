-- One batch: the range behind the cursor, the statement on it, and the cursor, in one transaction. So each range is
-- changed exactly once, whatever dies.
{{begin}}DO $onward$
DECLARE
  problem record;
  job record;
  began timestamptz := clock_timestamp();
  upto jsonb;
  changed int8;
{{declare}}BEGIN
{{claim}}{{range}}  SET LOCAL search_path = {{schema}}, pg_temp;
  EXECUTE {{statement}}{{using}};
  GET DIAGNOSTICS changed = ROW_COUNT;
  SET CONSTRAINTS ALL IMMEDIATE;
  SET LOCAL search_path = pg_catalog, pg_temp;
{{advance}}END
$onward$;
{{commit}}
