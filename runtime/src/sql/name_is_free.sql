DO $onward$
DECLARE
  taken regclass := to_regclass({{final}});
  kind text;
  built text;
BEGIN
  IF taken IS NULL THEN
    RETURN;
  END IF;
  SELECT CASE class.relkind WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
           WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'type' ELSE 'table' END,
         -- Without literals: errors are logged.
         regexp_replace(pg_get_indexdef(present.indexrelid), '''([^'']|'''')*''', '?', 'g')
           || CASE WHEN present.indisvalid THEN '' ELSE ', and it is not valid: its build was interrupted' END
  INTO kind, built
  FROM pg_class class LEFT JOIN pg_index present ON present.indexrelid = class.oid
  WHERE class.oid = taken;
  RAISE EXCEPTION USING ERRCODE = '42P07',
    MESSAGE = format('%s exists already, and this migration has not created it', taken),
    DETAIL = coalesce('It is ' || built, 'It is a ' || kind),
    HINT = CASE kind WHEN 'index'
      THEN format('Type DROP INDEX CONCURRENTLY %1$s, or keep it under another name with ALTER INDEX %1$s RENAME TO <name>, then start again',
        taken)
      ELSE format('Type ALTER %s %s RENAME TO <name>, or give the index another name', upper(kind), taken) END;
END
$onward$;
