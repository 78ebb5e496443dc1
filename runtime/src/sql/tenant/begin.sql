-- A tenant's transaction: it begins, and gets its tenant, in one message. BEGIN inside of an open transaction is only a
-- warning, and that transaction keeps the tenant that it has: one that begins with this message begins when its statements do.
BEGIN{{mode}};
SELECT pg_catalog.transaction_timestamp() OPERATOR(pg_catalog.=) pg_catalog.statement_timestamp() AS begun,
       pg_catalog.current_setting({{setting}}, true) AS before;
-- SET LOCAL and not set_config(): Citus passes only the first on to its servers, and as the text that it came with.
DO $onward$
BEGIN
  IF pg_catalog.transaction_timestamp() OPERATOR(pg_catalog.=) pg_catalog.statement_timestamp() THEN
    EXECUTE pg_catalog.format('SET LOCAL "%s" = %L', pg_catalog.replace({{setting}}, '.', '"."'), {{tenant}});
  END IF;
END
$onward$;
