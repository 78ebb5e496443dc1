SELECT tenant FROM (SELECT listed::{{type}} FROM ({{query}}
) AS listed(listed)) AS tenants(tenant)
WHERE tenant IS NOT NULL AND ($1 IS NULL OR tenant OPERATOR(pg_catalog.>) $1) AND ($2 IS NULL OR tenant OPERATOR(pg_catalog.<=) $2)
ORDER BY tenant LIMIT 1