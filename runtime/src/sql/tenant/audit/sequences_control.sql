CREATE SEQUENCE {{schema}}.onward_audit;
DO $onward$
BEGIN
  -- A sequence belongs to a column of its own owner's.
  EXECUTE pg_catalog.format('ALTER SEQUENCE %s.onward_audit OWNER TO %I', {{schema_name}}, (
    SELECT pg_catalog.pg_get_userbyid(relowner) FROM pg_catalog.pg_class WHERE oid = {{name}}::pg_catalog.regclass));
END
$onward$;
ALTER SEQUENCE {{schema}}.onward_audit OWNED BY {{table}}.{{column}};
GRANT USAGE ON SEQUENCE {{schema}}.onward_audit TO {{role}};
