-- A ledger of an earlier version does not know the events of this one.
DO $onward$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint
    WHERE conrelid OPERATOR(pg_catalog.=) {{log}}::pg_catalog.regclass
      AND pg_catalog.pg_get_expr(conbin, conrelid) OPERATOR(pg_catalog.=) {{quoted_check}}
  ) THEN
    ALTER TABLE {{schema}}.schema_migration_log DROP CONSTRAINT schema_migration_log_event_check,
      ADD CONSTRAINT schema_migration_log_event_check CHECK ({{event_check}});
  END IF;
END
$onward$;
