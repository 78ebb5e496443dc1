SELECT pg_catalog.jsonb_build_array(tenant) FROM (SELECT listed::{{type}} FROM ({{query}}
) AS listed(listed)) AS tenants(tenant) WHERE tenant IS NOT NULL ORDER BY tenant DESC LIMIT 1