-- One statement, so one snapshot; no lock, and SELECT is all that the role needs.
SET LOCAL search_path = pg_catalog, pg_temp;
WITH log AS (
  SELECT *,
         lag(chain, 1, sha256(convert_to({{genesis}}, 'UTF8'))) OVER in_order AS expected_prev,
         row_number() OVER in_order AS expected_seq
  FROM {{schema}}.schema_migration_log
  WINDOW in_order AS (ORDER BY seq)
)
SELECT pg_is_in_recovery() AS standby,
       encode(sha256(convert_to({{genesis}}, 'UTF8')), 'hex') AS genesis,
       CASE WHEN EXISTS (SELECT FROM log WHERE event = 'abandoned') THEN
         EXISTS (SELECT FROM pg_class WHERE relkind = 'i' AND strpos(relname::text, '__onward_') > 0)
       END AS leftovers,
       head.seq AS head_seq,
       encode(head.chain, 'hex') AS head_chain,
       log.seq AS seq,
       log.event AS event,
       log.version AS version,
       log.name AS name,
       log.attempt AS attempt,
       encode(log.checksum, 'hex') AS checksum,
       encode(log.chain, 'hex') AS chain,
       to_char(timezone('UTC', log.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
       log.who AS who,
       log.ms AS ms,
       log.prev = log.expected_prev AND log.seq = log.expected_seq
         AND log.chain = sha256(log.prev || convert_to(format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s',
           log.seq, log.event, log.category, log.version, log.name, log.attempt,
           encode(log.checksum, 'hex'), encode(log.plan, 'hex'),
           (extract(epoch FROM log.at) * 1000000)::bigint, log.build, log.who), 'UTF8')) AS linked
FROM (VALUES (true)) AS always(one)
LEFT JOIN {{schema}}.schema_migration_head head ON head.one
LEFT JOIN log ON true
ORDER BY log.seq;
