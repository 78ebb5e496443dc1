-- What a plan is compared with. The lines are read in their order, and not in windows: to plan those takes longer.
SELECT history.whole, history.deferred, history.open,
       CASE WHEN any_abandoned THEN
         EXISTS (SELECT FROM pg_class WHERE relkind = 'i' AND strpos(relname::text, '__onward_') > 0)
       ELSE false END AS leftovers,
       done.*
FROM {{schema}}.schema_migration_head head
CROSS JOIN (VALUES ({{log}}::regclass::oid, {{head}}::regclass::oid)) AS ledger(log_id, head_id)
CROSS JOIN LATERAL (
  SELECT count(*) = head.seq AND coalesce(min(seq) = 1 AND max(seq) = head.seq AND bool_and(chain = {{link}}), true)
           -- Each line follows the one before it, and the head the last one.
           AND sha256(convert_to({{genesis}}, 'UTF8')) || coalesce(string_agg(chain, ''), '')
             = coalesce(string_agg(prev, ''), '') || head.chain AS whole,
         -- The newest line's commit did not wait for the server's log.
         coalesce(bool_or(seq = head.seq AND right(run, 1) = '+'), false) AS deferred,
         {{open}} AS open,
         coalesce(bool_or(event = 'abandoned'), false) AS any_abandoned
  FROM (SELECT * FROM {{schema}}.schema_migration_log ORDER BY seq) line
) history
CROSS JOIN (
  SELECT {{startup}} AS startup, {{seed}} AS seed, {{release}} AS release, {{data}} AS data,
         coalesce(bool_or(category = 'release' AND version > {{last_release}}), false) AS ahead
  FROM {{newest}}
) done
-- Nobody has changed what a write evaluates, either.
WHERE head.one AND {{as_written}}
