-- Fails at once with 55P03 while anybody detaches.
DO $onward$
DECLARE
  parent regclass;
BEGIN
  PERFORM set_config('search_path', {{path}} || ', pg_temp', true);
  parent := to_regclass({{parent}});
  IF parent IS NOT NULL THEN
    EXECUTE pg_catalog.format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE NOWAIT', parent);
  END IF;
END
$onward$;
SELECT CASE WHEN to_regclass({{parent}}) IS NULL OR to_regclass({{partition}}) IS NULL THEN NULL
       ELSE NOT EXISTS (SELECT FROM pg_catalog.pg_inherits
         WHERE inhparent = to_regclass({{parent}}) AND inhrelid = to_regclass({{partition}})
           AND NOT inhdetachpending) END AS done;
COMMIT;
