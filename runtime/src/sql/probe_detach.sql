-- Fails at once with 55P03 while another session detaches.
DO $onward$
DECLARE
  parent regclass := to_regclass({{parent}});
BEGIN
  IF parent IS NOT NULL THEN
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE NOWAIT', parent);
  END IF;
END
$onward$;
SELECT CASE WHEN to_regclass({{parent}}) IS NULL OR to_regclass({{partition}}) IS NULL THEN NULL
       ELSE NOT EXISTS (SELECT FROM pg_inherits
         WHERE inhparent = to_regclass({{parent}}) AND inhrelid = to_regclass({{partition}})
           AND NOT inhdetachpending) END AS done;
{{commit}}