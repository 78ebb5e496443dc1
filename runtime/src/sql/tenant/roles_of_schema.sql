
-- The schema {{schema}}.
CREATE SCHEMA IF NOT EXISTS {{schema}} AUTHORIZATION {{owner}};
GRANT USAGE ON SCHEMA {{schema}} TO {{application}}, {{auditor}};
REVOKE ALL ON ALL TABLES IN SCHEMA {{schema}} FROM PUBLIC, {{application}}, {{auditor}};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA {{schema}} FROM PUBLIC, {{application}}, {{auditor}};
REVOKE ALL ON ALL ROUTINES IN SCHEMA {{schema}} FROM PUBLIC, {{auditor}};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {{schema}} TO {{application}};
GRANT SELECT ON ALL TABLES IN SCHEMA {{schema}} TO {{auditor}};
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA {{schema}} TO {{application}};
-- The same for what later migrations create. No sequence: identity columns need none, and a sequence counts all tenants.
ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} IN SCHEMA {{schema}}
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{application}};
ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} IN SCHEMA {{schema}} GRANT SELECT ON TABLES TO {{auditor}};
ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} IN SCHEMA {{schema}} GRANT EXECUTE ON FUNCTIONS TO {{application}};
DO $schema$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT oid::regclass AS name, relname, relkind FROM pg_class
    WHERE relnamespace = to_regnamespace({{quoted}}) AND (relkind = 'm' OR starts_with(relname, 'schema_migration'))
      AND relkind IN ('r', 'v', 'm') LOOP
    IF one.relkind = 'm' THEN
      -- A materialised view has the rows of all tenants, and no policy.
      EXECUTE format('REVOKE ALL ON %s FROM {{application}}, {{auditor}}', one.name);
    ELSE
      -- The ledger: read by every start, written by the owner.
      EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %s FROM {{application}}', one.name);
    END IF;
  END LOOP;
  -- Policies and views call functions as the role that reads. One that runs as its owner could write.
  FOR one IN SELECT oid::regprocedure AS name FROM pg_proc
    WHERE pronamespace = to_regnamespace({{quoted}}) AND prokind IN ('f', 'w') AND NOT prosecdef
      AND NOT starts_with(proname, 'schema_migration') LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {{auditor}}', one.name);
  END LOOP;
END
$schema$;
