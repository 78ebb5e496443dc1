-- One batch: the range behind the cursor, the statement on it, and the cursor, in one transaction. So each range is
-- changed exactly once, whatever dies.
{{begin}}DO $onward$
DECLARE
  problem record;
  job record;
  began timestamptz := clock_timestamp();
  upto jsonb;
  changed int8 := 0;
{{declare}}BEGIN
{{claim}}{{range}}{{run}}{{advance}}END
$onward$;
{{commit}}
