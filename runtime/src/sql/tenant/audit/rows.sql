-- A row of the tenant, a row of another one, that one's name, and how many rows the tenant has, counted so far.
SELECT pg_catalog.set_config({{setting}}, {{as_tenant}}, true);
SELECT mine.line, theirs.line, theirs.tenant,
       (SELECT count(*) FROM (SELECT FROM {{table}} WHERE {{column}} = {{tenant}} LIMIT 1001) AS few)
FROM (SELECT) AS always
LEFT JOIN LATERAL (SELECT to_jsonb(one)::text AS line FROM {{table}} AS one WHERE one.{{column}} = {{tenant}} LIMIT 1) AS mine ON true
LEFT JOIN LATERAL (SELECT to_jsonb(one)::text AS line, one.{{column}}::text AS tenant FROM {{table}} AS one
  WHERE one.{{column}} <> {{tenant}} LIMIT 1) AS theirs ON true;
