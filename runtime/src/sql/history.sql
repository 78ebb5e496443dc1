-- Every line of the ledger as it is written, with the events of versions that this one does not know.
SET LOCAL search_path = pg_catalog, pg_temp;
SELECT seq AS seq, event AS event, category AS category, version AS version, name AS name, attempt AS attempt,
       who AS who, to_char(timezone('UTC', at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, ms AS ms, build AS build,
       compatible_from AS compatible_from, encode(checksum, 'hex') AS checksum
FROM {{schema}}.schema_migration_log
ORDER BY seq;
