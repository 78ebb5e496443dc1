-- Why row-level security does not hold the role that has logged in: what it is, or the first role that it can become.
-- One row, or none. SET ROLE asks about the login, and a role that inherits another's rights is treated as that owner.
-- Materialized, so that each is calculated once.
WITH guarded AS MATERIALIZED (
  SELECT array_agg(relowner) AS owners FROM pg_class
  WHERE relrowsecurity AND relnamespace = (SELECT to_regnamespace({{quoted}}))
), power AS MATERIALIZED (
  SELECT rolname AS via,
         CASE WHEN rolsuper THEN 'superuser'
              WHEN rolbypassrls THEN 'bypassrls'
              WHEN oid = ANY (owners) THEN 'owner'
              WHEN rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
                THEN 'server_files'
              -- From PostgreSQL 16 on such a role grants only those that it administers.
              WHEN rolcreaterole AND current_setting('server_version_num')::int4 < 160000 THEN 'createrole'
         END AS why
  FROM pg_roles, guarded
  WHERE CASE WHEN rolname = session_user THEN true
             WHEN current_setting('server_version_num')::int4 < 160000 THEN pg_has_role(session_user, oid, 'MEMBER')
             ELSE pg_has_role(session_user, oid, 'SET') OR pg_has_role(session_user, oid, 'USAGE')
               OR pg_has_role(session_user, oid, 'MEMBER WITH ADMIN OPTION') END
)
SELECT session_user AS login, power.why, power.via, guarded.owners IS NOT NULL AS has_policies
FROM power, guarded
WHERE power.why IS NOT NULL
ORDER BY power.via <> session_user,
         array_position(ARRAY['superuser', 'bypassrls', 'owner', 'server_files', 'createrole'], power.why), power.via
LIMIT 1
