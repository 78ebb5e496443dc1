-- Whether there is anything to do at all: one message, so no lock, and SELECT is all that the role needs; message and
-- answer are as long for a long history as for a short one. A new session pays for every function, catalog and
-- language that it meets for the first time. So this is SQL without PL/pgSQL, and `query_to_xml` plans a text only
-- when it gets there: what the first statement refuses is not planned, and a ledger is not named, and so not
-- analysed, before the catalogs have shown whose it is.
--
-- The caller's connection may be inside of a transaction. Then nothing is done that could end it or fail in
-- it, and no setting is changed: the answer says so. A transaction that begins with a message begins when
-- its statements do. A small timeout of the role counts for the first statement and no more.
{{role}}SELECT pg_catalog.current_database() AS database, pg_catalog.version() AS version, known.*,
       CASE WHEN in_transaction OR too_old IS NOT NULL THEN NULL
       ELSE ARRAY[
         pg_catalog.set_config('onward.look', 'on', true),
         pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
         pg_catalog.set_config('statement_timeout', {{statement_timeout}}, true),
         -- Of a new ledger the planner expects so many rows that it would compile the query: 80 ms. And it would prove
         -- what the ledger's checks exclude, before it is known whose they are.
         pg_catalog.set_config('jit', 'off', true),
         pg_catalog.set_config('constraint_exclusion', 'off', true)]
       END AS settings
FROM (SELECT
  pg_catalog.transaction_timestamp() OPERATOR(pg_catalog.<>) pg_catalog.statement_timestamp() AS in_transaction,
  CASE WHEN pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.<) 150000
    THEN pg_catalog.current_setting('server_version') END AS too_old,
  pg_catalog.current_setting('yb_ddl_transaction_block_enabled', true) AS yb_ddl
) known;
SELECT CASE WHEN pg_catalog.current_setting('onward.look', true) OPERATOR(pg_catalog.=) 'on'
  THEN pg_catalog.query_to_xml(CASE
    WHEN pg_catalog.to_regclass({{log}}) IS NULL OR pg_catalog.to_regclass({{head}}) IS NULL THEN {{no_look}}
    ELSE {{look}} END, false, true, '') END AS look;
