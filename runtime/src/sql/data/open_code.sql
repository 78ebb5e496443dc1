DO $onward$
DECLARE
  problem record;
  job record;
BEGIN
{{claim}}END
$onward$;
