-- What differs from the model of roles.sql: one row each, with what to type.
SET LOCAL search_path = pg_catalog, pg_temp;
WITH role AS (
  SELECT part, name, login.*, login.oid AS role_oid
  FROM (VALUES (1, 'owner', {{owner_name}}), (2, 'application', {{application_name}}), (3, 'auditor', {{auditor_name}}))
    AS wanted(place, part, name)
  LEFT JOIN pg_roles login ON login.rolname = wanted.name
), present AS (
  SELECT * FROM role WHERE role_oid IS NOT NULL
), guest AS (
  SELECT * FROM present WHERE part <> 'owner'
), space AS (
  SELECT oid, nspname, nspowner, quote_ident(nspname) AS quoted FROM pg_namespace
  WHERE nspname = ANY ({{schemas}}::name[])
), relation AS (
  SELECT class.oid, class.relkind, class.relowner, class.relacl, class.relnamespace, space.quoted AS space,
         space.quoted || '.' || quote_ident(class.relname) AS name,
         starts_with(class.relname::text, 'schema_migration') AS is_ledger,
         CASE class.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE '' END AS word
  FROM pg_class class JOIN space ON space.oid = class.relnamespace
  WHERE class.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), problem AS (
  SELECT name AS role, 'does not exist' AS problem, '`onward roles` prints the SQL that creates it' AS fix
  FROM role WHERE role_oid IS NULL
UNION ALL
  SELECT name, 'has ' || attribute.word,
         format('ALTER ROLE %I NO%s', name, attribute.word)
  FROM present CROSS JOIN LATERAL (VALUES ('SUPERUSER', rolsuper, true), ('BYPASSRLS', rolbypassrls, true),
    ('CREATEROLE', rolcreaterole, part <> 'owner'), ('CREATEDB', rolcreatedb, part <> 'owner'),
    ('REPLICATION', rolreplication, part <> 'owner')) AS attribute(word, is_set, counts)
  WHERE is_set AND counts
UNION ALL
  SELECT guest.name, format('can become %s, which %s', other.rolname,
           CASE WHEN other.rolsuper THEN 'is a superuser' WHEN other.rolbypassrls THEN 'has BYPASSRLS'
                WHEN other.rolname = {{owner_name}} THEN 'migrates'
                WHEN starts_with(other.rolname::text, 'pg_') THEN 'reaches more than rows of the service'
                ELSE 'owns objects of the service' END),
         format('REVOKE %I FROM %I', other.rolname, guest.name)
  FROM guest JOIN pg_roles other ON other.oid <> guest.role_oid
  WHERE NOT guest.rolsuper
    AND (other.rolsuper OR other.rolbypassrls OR other.rolname = {{owner_name}} OR other.oid IN (SELECT relowner FROM relation)
      OR other.oid IN (SELECT nspowner FROM space)
      OR other.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files',
        'pg_write_all_data') OR (other.rolname = {{application_name}} AND guest.part = 'auditor'))
    AND CASE WHEN current_setting('server_version_num')::int4 < 160000 THEN pg_has_role(guest.role_oid, other.oid, 'MEMBER')
             ELSE pg_has_role(guest.role_oid, other.oid, 'SET') OR pg_has_role(guest.role_oid, other.oid, 'USAGE')
               OR pg_has_role(guest.role_oid, other.oid, 'MEMBER WITH ADMIN OPTION') END
UNION ALL
  SELECT guest.name, format('may %s in this database', right_.meaning),
         format('REVOKE %s ON DATABASE %I FROM PUBLIC, %I', right_.word, current_database(), guest.name)
  FROM guest CROSS JOIN (VALUES ('CREATE', 'create schemas'), ('TEMPORARY', 'create temporary tables')) AS right_(word, meaning)
  WHERE NOT guest.rolsuper AND has_database_privilege(guest.role_oid, current_database(), right_.word)
UNION ALL
  SELECT guest.name, format('may create objects in the schema %I', nspname),
         format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, %I', nspname, guest.name)
  FROM guest CROSS JOIN pg_namespace
  WHERE NOT guest.rolsuper AND NOT starts_with(nspname::text, 'pg_') AND nspname <> 'information_schema'
    AND has_schema_privilege(guest.role_oid, pg_namespace.oid, 'CREATE')
UNION ALL
  SELECT {{owner_name}}, format('does not own the schema %s', space.quoted),
         format('ALTER SCHEMA %s OWNER TO %I', space.quoted, {{owner_name}})
  FROM space WHERE pg_get_userbyid(nspowner) <> {{owner_name}}
UNION ALL
  SELECT {{owner_name}}, format('does not own %s', relation.name),
         format('ALTER %s %s OWNER TO %I', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
           WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, relation.name, {{owner_name}})
  FROM relation WHERE pg_get_userbyid(relowner) <> {{owner_name}}
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relation.oid
      AND refclassid = 'pg_class'::regclass AND refobjsubid > 0 AND deptype IN ('a', 'i') AND relkind = 'S')
UNION ALL
  SELECT guest.name, format('has no USAGE on the schema %s', space.quoted),
         format('GRANT USAGE ON SCHEMA %s TO %I', space.quoted, guest.name)
  FROM guest CROSS JOIN space WHERE NOT has_schema_privilege(guest.role_oid, space.oid, 'USAGE')
UNION ALL
  -- What a right is missing, and which one is too many.
  SELECT guest.name, format(CASE WHEN has THEN 'has %s on %s%s' ELSE 'has no %s on %s%s' END,
           string_agg(right_.word, ', ' ORDER BY right_.place), relation.name,
           CASE WHEN has AND relkind = 'm' THEN ', which has the rows of all tenants and no policy'
                WHEN has AND is_ledger THEN ', a part of the ledger' ELSE '' END),
         format(CASE WHEN has THEN 'REVOKE %s ON %s FROM PUBLIC, %I' ELSE 'GRANT %s ON %s TO %I' END,
           string_agg(right_.word, ', ' ORDER BY right_.place), relation.name, guest.name)
  FROM guest CROSS JOIN relation
  CROSS JOIN (VALUES (1, 'SELECT'), (2, 'INSERT'), (3, 'UPDATE'), (4, 'DELETE'), (5, 'TRUNCATE'), (6, 'REFERENCES'),
    (7, 'TRIGGER')) AS right_(place, word)
  CROSS JOIN LATERAL (SELECT has_table_privilege(guest.role_oid, relation.oid, right_.word) AS has) AS privilege
  CROSS JOIN LATERAL (SELECT CASE
      WHEN relkind = 'm' THEN false
      WHEN place = 1 THEN true
      WHEN guest.part = 'auditor' OR is_ledger OR place > 4 THEN false
      -- A view that nothing can be written through has the rights of a table nevertheless.
      WHEN relkind = 'v' THEN NULL ELSE true END AS wanted) AS model
  WHERE relkind <> 'S' AND has <> wanted AND NOT guest.rolsuper
  GROUP BY guest.name, relation.name, relkind, is_ledger, has
UNION ALL
  SELECT guest.name, format('has rights on the sequence %s, which counts all tenants', relation.name),
         format('REVOKE ALL ON SEQUENCE %s FROM PUBLIC, %I', relation.name, guest.name)
  FROM guest CROSS JOIN relation
  WHERE NOT guest.rolsuper AND CASE relkind
    WHEN 'S' THEN has_sequence_privilege(guest.role_oid, relation.oid, 'USAGE, SELECT, UPDATE') ELSE false END
UNION ALL
  SELECT 'PUBLIC', format('has rights on %s', relation.name), format('REVOKE ALL ON %s%s FROM PUBLIC', word, relation.name)
  FROM relation WHERE EXISTS (SELECT FROM aclexplode(relacl) AS entry WHERE entry.grantee = 0)
UNION ALL
  SELECT CASE entry.grantee WHEN 0 THEN 'PUBLIC' ELSE {{auditor_name}} END, format('may execute %s, which runs as its owner', routine.oid::regprocedure),
         format('REVOKE EXECUTE ON ROUTINE %s FROM %s', routine.oid::regprocedure,
           CASE entry.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident({{auditor_name}}) END)
  FROM pg_proc routine JOIN space ON space.oid = routine.pronamespace
  CROSS JOIN aclexplode(coalesce(routine.proacl, acldefault('f', routine.proowner))) AS entry
  WHERE routine.prosecdef AND (entry.grantee = 0 OR entry.grantee = (SELECT role_oid FROM present WHERE part = 'auditor'))
UNION ALL
  SELECT guest.name, format('gets no %s on tables that %s creates in %s later', wanted.word, {{owner_name}}, space.quoted),
         format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %s GRANT %s ON TABLES TO %I', {{owner_name}}, space.quoted,
           wanted.word, guest.name)
  FROM guest CROSS JOIN space
  CROSS JOIN (VALUES ('SELECT', 'auditor'), ('SELECT', 'application'), ('INSERT', 'application'), ('UPDATE', 'application'),
    ('DELETE', 'application')) AS wanted(word, part)
  WHERE wanted.part = guest.part AND NOT guest.rolsuper AND NOT EXISTS (
    SELECT FROM pg_default_acl given CROSS JOIN aclexplode(given.defaclacl) AS entry
    WHERE given.defaclobjtype = 'r' AND pg_get_userbyid(given.defaclrole) = {{owner_name}}
      AND given.defaclnamespace IN (0, space.oid) AND entry.grantee = guest.role_oid AND entry.privilege_type = wanted.word)
UNION ALL
  SELECT coalesce(guest.name, 'PUBLIC'), format('gets %s on %s that %s creates later', entry.privilege_type,
           CASE given.defaclobjtype WHEN 'S' THEN 'sequences' ELSE 'tables' END, pg_get_userbyid(given.defaclrole)),
         format('ALTER DEFAULT PRIVILEGES FOR ROLE %I %s REVOKE %s ON %s FROM %s', pg_get_userbyid(given.defaclrole),
           CASE WHEN given.defaclnamespace = 0 THEN '' ELSE 'IN SCHEMA ' || given.defaclnamespace::regnamespace::text END,
           entry.privilege_type, CASE given.defaclobjtype WHEN 'S' THEN 'SEQUENCES' ELSE 'TABLES' END,
           CASE entry.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(guest.name) END)
  FROM pg_default_acl given CROSS JOIN aclexplode(given.defaclacl) AS entry
  LEFT JOIN guest ON guest.role_oid = entry.grantee
  WHERE given.defaclobjtype IN ('r', 'S') AND (given.defaclnamespace = 0 OR given.defaclnamespace IN (SELECT oid FROM space))
    AND (entry.grantee = 0 OR guest.part = 'auditor' AND entry.privilege_type <> 'SELECT'
      OR guest.part = 'auditor' AND given.defaclobjtype = 'S'
      OR guest.part = 'application' AND (given.defaclobjtype = 'S'
        OR entry.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')))
UNION ALL
  SELECT 'PUBLIC', format('may execute functions that %s creates later', {{owner_name}}),
         format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', {{owner_name}})
  FROM present WHERE part = 'owner' AND NOT EXISTS (
    SELECT FROM pg_default_acl given WHERE given.defaclobjtype = 'f' AND given.defaclnamespace = 0
      AND given.defaclrole = role_oid
      AND NOT EXISTS (SELECT FROM aclexplode(given.defaclacl) AS entry WHERE entry.grantee = 0))
)
SELECT role, problem, fix FROM problem
ORDER BY array_position(ARRAY[{{owner_name}}, {{application_name}}, {{auditor_name}}], role), problem;
