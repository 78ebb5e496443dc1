DO $onward$
BEGIN
  IF to_regclass({{final}}) IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW03', MESSAGE = 'the index is still there';
  END IF;
END
$onward$;
