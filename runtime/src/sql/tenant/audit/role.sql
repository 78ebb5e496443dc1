SELECT string_agg(DISTINCT other.rolname::text, ', ')
FROM pg_catalog.pg_roles login CROSS JOIN pg_catalog.pg_roles other
WHERE login.rolname = {{role_name}}
  AND (other.rolsuper OR other.rolbypassrls OR other.rolreplication
    OR other.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
    OR (other.rolcreaterole AND current_setting('server_version_num')::int4 < 160000)
    OR other.oid IN (SELECT relowner FROM pg_catalog.pg_class
      WHERE relnamespace = ANY ({{schemas}}::pg_catalog.regnamespace[]) AND relkind IN ('r', 'p', 'v', 'm')))
  AND CASE WHEN other.oid = login.oid THEN true
           WHEN current_setting('server_version_num')::int4 < 160000 THEN pg_catalog.pg_has_role(login.oid, other.oid, 'MEMBER')
           ELSE pg_catalog.pg_has_role(login.oid, other.oid, 'SET') OR pg_catalog.pg_has_role(login.oid, other.oid, 'USAGE')
             OR pg_catalog.pg_has_role(login.oid, other.oid, 'MEMBER WITH ADMIN OPTION') END
