-- The roles that policies do not hold: owners of relations in the schemas, and logins with BYPASSRLS. A superuser becomes any.
SELECT DISTINCT rolname
FROM pg_catalog.pg_roles
WHERE rolbypassrls AND NOT rolsuper
   OR oid IN (SELECT relowner FROM pg_catalog.pg_class
              WHERE relkind IN ('r', 'p') AND relnamespace IN (
                SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY ({{schemas}}::text[])))
ORDER BY rolname
LIMIT 10
