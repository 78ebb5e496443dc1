-- Why row-level security does not hold the role that has logged in: what it is, or the first role that it can become.
-- One row. SET ROLE asks about the login, and a role that inherits another's rights is treated as that owner.
SELECT login.rolname AS login, power.why, power.via,
       EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace({{quoted}}) AND relrowsecurity) AS has_policies
FROM pg_roles login
LEFT JOIN LATERAL (
  SELECT other.rolname AS via,
         CASE WHEN other.rolsuper THEN 'superuser'
              WHEN other.rolbypassrls THEN 'bypassrls'
              WHEN other.oid = ANY (ARRAY(SELECT relowner FROM pg_class
                WHERE relnamespace = to_regnamespace({{quoted}}) AND relrowsecurity)) THEN 'owner'
              WHEN other.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
                THEN 'server_files'
              -- From PostgreSQL 16 on such a role grants only those that it administers.
              WHEN other.rolcreaterole AND current_setting('server_version_num')::int4 < 160000 THEN 'createrole'
         END AS why
  FROM pg_roles other
  WHERE CASE WHEN other.oid = login.oid THEN true
             WHEN current_setting('server_version_num')::int4 < 160000 THEN pg_has_role(login.oid, other.oid, 'MEMBER')
             ELSE pg_has_role(login.oid, other.oid, 'SET') OR pg_has_role(login.oid, other.oid, 'USAGE')
               OR pg_has_role(login.oid, other.oid, 'MEMBER WITH ADMIN OPTION') END
) power ON power.why IS NOT NULL
WHERE login.rolname = session_user
ORDER BY power.via <> login.rolname,
         array_position(ARRAY['superuser', 'bypassrls', 'owner', 'server_files', 'createrole'], power.why), power.via
LIMIT 1
