-- Three roles for a service, in the database that you are connected to. Paste this as a superuser, or as a role that has
-- CREATEROLE and owns the database; before the first migration or at any time later, and again as often as you like.
-- Then give the roles passwords. `onward roles --check --url <url>` finds what differs from it.
DO $roles$
BEGIN
  -- Migrates, and owns what migrations create.
  IF to_regrole({{owner_quoted}}) IS NULL THEN
    CREATE ROLE {{owner}} LOGIN;
  END IF;
  -- What the service works as: rows, and no DDL.
  IF to_regrole({{application_quoted}}) IS NULL THEN
    CREATE ROLE {{application}} LOGIN;
  END IF;
  -- Reads, one tenant at a time as the service does.
  IF to_regrole({{auditor_quoted}}) IS NULL THEN
    CREATE ROLE {{auditor}} LOGIN;
  END IF;
END
$roles$;
DO $database$
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO {{owner}}, {{application}}, {{auditor}}', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO {{owner}}', current_database());
  -- A table of pg_temp hides one of the same name from a function without a search_path of its own.
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  IF to_regnamespace('public') IS NOT NULL THEN
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  END IF;
END
$database$;
ALTER ROLE {{auditor}} SET default_transaction_read_only = on;
-- To every schema: a privilege that all roles have by default cannot be taken away in one schema only.
ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
