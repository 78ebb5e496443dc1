-- The body may have changed the path.
SET LOCAL search_path = pg_catalog, pg_temp;
WITH entry AS (
  SELECT {{seq}}::int8 + 1 AS seq, {{event}}::text AS event, {{category}}::text AS category,
         {{version}}::text AS version, {{file}}::text AS name, {{attempt}}::int4 AS attempt,
         decode({{checksum}}, 'hex') AS checksum, decode({{digest}}, 'hex') AS plan,
         {{build}}::text AS build, session_user::text AS who, clock_timestamp() AS at,
         decode({{chain}}, 'hex') AS prev,
         coalesce((SELECT started.at FROM {{schema}}.schema_migration_log started
                   WHERE started.event = 'started' AND started.version = {{version}}
                     AND started.attempt = {{attempt}}::int4), transaction_timestamp()) AS since
), written AS (
  INSERT INTO {{schema}}.schema_migration_log
    (seq, event, category, version, name, attempt, checksum, plan, build, who, at, ms, prev, chain)
  SELECT seq, event, category, version, name, attempt, checksum, plan, build, who, at,
         (extract(epoch FROM at - since) * 1000)::int4, prev,
         sha256(prev || convert_to(format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', seq, event, category,
           version, name, attempt, encode(checksum, 'hex'), encode(plan, 'hex'),
           (extract(epoch FROM at) * 1000000)::bigint, build, who), 'UTF8'))
  FROM entry
  RETURNING seq, chain
)
UPDATE {{schema}}.schema_migration_head head SET chain = written.chain
FROM written WHERE head.one AND head.seq = written.seq;
COMMIT;
-- The receipt: COMMIT of a failed transaction is no error to the client, a row is a proof.
SELECT entry.seq AS seq, pg_catalog.encode(entry.chain, 'hex') AS chain, entry.ms AS ms,
       pg_catalog.to_char(pg_catalog.timezone('UTC', entry.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
       entry.who AS who
FROM {{schema}}.schema_migration_log entry
WHERE entry.seq OPERATOR(pg_catalog.=) ({{seq}}::pg_catalog.int8 OPERATOR(pg_catalog.+) 1::pg_catalog.int8)
  AND entry.version OPERATOR(pg_catalog.=) {{version}}::pg_catalog.text
  AND entry.event OPERATOR(pg_catalog.=) {{event}}::pg_catalog.text;
