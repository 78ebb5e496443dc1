DO $onward$
BEGIN
  IF to_regclass({{final}}) IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = '42P07',
      MESSAGE = format('%s exists already, and this migration has not created it', to_regclass({{final}}));
  END IF;
END
$onward$;
