-- Policies do not hold the owner of a table without FORCE, and an owner can take FORCE away. Roles with BYPASSRLS are asked
-- about in role.sql: they are those of all databases of the server, and others may drop them meanwhile.
SELECT DISTINCT rolname
FROM pg_catalog.pg_class
JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace
JOIN pg_catalog.pg_roles ON pg_roles.oid = relowner
WHERE relkind IN ('r', 'p') AND nspname = ANY ({{schemas}}::text[])
ORDER BY rolname
