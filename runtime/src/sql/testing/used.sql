-- A comment is a constant, so it is put together and executed.
DO $onward$
BEGIN
  EXECUTE pg_catalog.format('COMMENT ON DATABASE %I IS %L', {{template}}, 'a template of tests, used ' OPERATOR(pg_catalog.||) current_date::pg_catalog.text);
END
$onward$;
