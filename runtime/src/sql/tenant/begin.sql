-- A tenant's transaction: it begins, and gets its tenant, in one message. BEGIN inside of an open transaction is only a
-- warning, and that transaction keeps the tenant that it has: one that begins with this message begins when its statements do.
BEGIN{{mode}};
SELECT pg_catalog.transaction_timestamp() OPERATOR(pg_catalog.=) pg_catalog.statement_timestamp() AS begun,
       pg_catalog.current_setting({{setting}}, true) AS before;
SELECT CASE WHEN pg_catalog.transaction_timestamp() OPERATOR(pg_catalog.=) pg_catalog.statement_timestamp()
            THEN pg_catalog.set_config({{setting}}, {{tenant}}, true) END AS tenant;
