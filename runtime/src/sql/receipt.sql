{{commit}}-- The receipt: COMMIT of a failed transaction is not an error to the client, a row is a proof.
{{role}}SELECT line.seq AS seq, pg_catalog.encode(line.chain, 'hex') AS chain, line.ms AS ms,
       line.version AS version, line.event AS event, line.run AS run,
       pg_catalog.to_char(pg_catalog.timezone('UTC', line.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
       line.who AS who, line.compatible_from AS compatible_from
FROM {{schema}}.schema_migration_log line
WHERE line.seq OPERATOR(pg_catalog.>) {{seq}}::pg_catalog.int8
  AND line.run OPERATOR(pg_catalog.=) {{run}}::pg_catalog.text
ORDER BY line.seq USING OPERATOR(pg_catalog.<);
