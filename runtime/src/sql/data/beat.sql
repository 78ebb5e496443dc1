-- Behind a pooler no session keeps a lock: the row says that its worker lives.
{{begin}}DO $onward$
DECLARE
  problem record;
  job record;
BEGIN
{{claim}}END
$onward$;
{{commit}}
