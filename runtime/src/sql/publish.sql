DO $onward$
BEGIN
  IF NOT coalesce((SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass({{private}})), false) THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW03', MESSAGE = 'the index is not valid';
  END IF;
  ALTER INDEX {{schema}}.{{built}} RENAME TO {{index}};
END
$onward$;
