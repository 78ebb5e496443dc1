-- A ledger of an earlier version knows neither the events of this one, nor that a number may stand for another text.
DO $onward$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint
    WHERE conrelid OPERATOR(pg_catalog.=) {{log}}::pg_catalog.regclass
      AND pg_catalog.pg_get_expr(conbin, conrelid) OPERATOR(pg_catalog.=) {{quoted_check}}
  ) THEN
    SET LOCAL search_path = pg_catalog, pg_temp;
    ALTER TABLE {{schema}}.schema_migration_log DROP CONSTRAINT schema_migration_log_event_check,
      ADD CONSTRAINT schema_migration_log_event_check CHECK ({{event_check}});
    DROP INDEX IF EXISTS {{schema}}.schema_migration_once;
{{once}}{{history}}  END IF;
END
$onward$;
