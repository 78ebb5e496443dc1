SET LOCAL search_path = pg_catalog, pg_temp;
SELECT DISTINCT CASE grantee.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee.grantee)::text END AS writer
FROM pg_class ledger, aclexplode(ledger.relacl) AS grantee
WHERE ledger.relnamespace = to_regnamespace({{quoted}})
  AND ledger.relname IN ('schema_migration_log', 'schema_migration_head')
  AND grantee.grantee <> ledger.relowner AND grantee.privilege_type NOT IN ('SELECT', 'REFERENCES')
ORDER BY 1;
