WITH line AS (
  SELECT head.seq AS seq, {{event}}::text AS event, {{category}}::text AS category,
         {{version}}::text AS version, {{file}}::text AS name, {{attempt}}::int4 AS attempt,
         decode({{checksum}}, 'hex') AS checksum, decode({{digest}}, 'hex') AS plan,
         {{build}}::text AS build, {{run}}::text AS run,
         nullif({{compatible_from}}, '')::text AS compatible_from,
         session_user::text AS who, clock_timestamp() AS at, head.chain AS prev,
         coalesce((SELECT started.at FROM {{schema}}.schema_migration_log started
                   WHERE started.event = 'started' AND started.version = {{version}}
                     AND started.attempt = {{attempt}}::int4),
                  (SELECT before.at FROM {{schema}}.schema_migration_log before
                   WHERE before.seq = head.seq - 1 AND before.run = {{run}}
                     AND before.at > transaction_timestamp()),
                  transaction_timestamp()) AS since
  FROM {{schema}}.schema_migration_head head WHERE head.one
), written AS (
  INSERT INTO {{schema}}.schema_migration_log
    (seq, event, category, version, name, attempt, checksum, plan, build, run, compatible_from, who, at,
     ms, prev, chain)
  SELECT seq, event, category, version, name, attempt, checksum, plan, build, run, compatible_from, who, at,
         -- A migration must not fail because the clock jumps in between.
         least(greatest(extract(epoch FROM at - since) * 1000, 0), 2147483647)::int4, prev,
         {{link}}
  FROM line
  RETURNING seq, chain
)
UPDATE {{schema}}.schema_migration_head head SET chain = written.chain
FROM written WHERE head.one AND head.seq = written.seq;
