-- One statement, so one snapshot; no lock, and SELECT is all that the role needs.
{{statement_timeout}}{{role}}SET LOCAL search_path = pg_catalog, pg_temp;
-- Of a new ledger the planner expects so many rows that it would compile the query: 80 ms.
SET LOCAL jit = off;
DO $onward$
DECLARE
  problem record;
BEGIN
{{engine}}{{own_ledger}}END
$onward$;
WITH line AS (
  SELECT *,
         lag(chain, 1, sha256(convert_to({{genesis}}, 'UTF8'))) OVER (ORDER BY seq) AS expected_prev
  FROM {{schema}}.schema_migration_log
), created AS (
  -- The ledger's functions, when they are word for word those that this version creates, and its owner's.
  SELECT encode(sha256(convert_to(string_agg(
           created.proname || '(' || oidvectortypes(created.proargtypes) || ')' || created.prosrc, '' ORDER BY created.proname),
           'UTF8')), 'hex') AS digest
  FROM pg_class log JOIN pg_proc created ON created.pronamespace = log.relnamespace AND created.proowner = log.relowner
  WHERE log.oid = {{log}}::regclass AND created.proname IN ('schema_migration_claim', 'schema_migration_record')
    AND created.prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql') AND NOT created.prosecdef
    AND created.prokind = 'f' AND NOT created.proisstrict AND NOT created.proretset AND created.provolatile = 'v'
    AND created.proconfig = ARRAY['search_path=pg_catalog, pg_temp'] AND created.prorettype = 'void'::regtype
)
SELECT pg_is_in_recovery() AS standby,
       current_database() AS database,
       encode(sha256(convert_to({{genesis}}, 'UTF8')), 'hex') AS genesis,
       CASE WHEN EXISTS (SELECT FROM line WHERE event = 'abandoned') THEN
         EXISTS (SELECT FROM pg_class WHERE relkind = 'i' AND strpos(relname::text, '__onward_') > 0)
       END AS leftovers,
       (SELECT digest FROM created) = {{functions}} AS functions,
       EXISTS (SELECT FROM pg_attribute WHERE attrelid = {{head}}::regclass AND attname = 'summary') AS has_summary,
       head.seq AS head_seq,
       encode(head.chain, 'hex') AS head_chain,
       line.seq AS seq,
       line.event AS event,
       line.version AS version,
       line.name AS name,
       line.attempt AS attempt,
       encode(line.checksum, 'hex') AS checksum,
       encode(line.chain, 'hex') AS chain,
       line.run AS run,
       line.compatible_from AS compatible_from,
       to_char(timezone('UTC', line.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
       line.who AS who,
       line.ms AS ms,
       line.prev = line.expected_prev AS follows,
       line.chain = {{link}} AS genuine,
       -- Once, whatever the number of lines.
       CASE WHEN line.seq IS NULL OR line.seq = 1 THEN
       {{login}} END AS role
FROM (VALUES (true)) AS always(one)
LEFT JOIN {{schema}}.schema_migration_head head ON head.one
LEFT JOIN line ON true
ORDER BY line.seq;
