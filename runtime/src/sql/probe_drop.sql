DO $onward$
DECLARE
  owner regclass := (SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass({{final}}));
BEGIN
  IF owner IS NOT NULL THEN
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE NOWAIT', owner);
  END IF;
END
$onward$;
SELECT to_regclass({{final}}) IS NULL AS done;
{{commit}}