-- The two halves of a write, around the migration itself: as functions the server plans them once a
-- session, and not once a migration. They run with their caller's rights.
CREATE FUNCTION {{schema}}.schema_migration_claim(int4, int4, text, int8, text, text, text, text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $onward${{claim}}$onward$;
CREATE FUNCTION {{schema}}.schema_migration_record(text, text, text, text, int4, text, text, text, text, text)
  RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $onward${{record}}$onward$;
