-- Whether there is anything to do at all: one statement, so one snapshot; no lock, SELECT is all that the
-- role needs, and message and answer are as long for a long history as for a short one. What is done of each
-- category is one digest, over what this binary can know of: newer lines are another binary's. Most of the time
-- goes into planning on a session's first message, so each relation is named as seldom as can be.
--
-- The caller's connection may be inside of a transaction. Then nothing is done that could end it or fail in
-- it, and no setting is changed: the answer says so. A transaction that begins with a message begins when
-- its statements do.
DO $onward$
BEGIN
  IF pg_catalog.transaction_timestamp() OPERATOR(pg_catalog.=) pg_catalog.statement_timestamp() THEN
    -- A small timeout of the role counts for the next statement no more.
    SET LOCAL statement_timeout = {{statement_timeout}};
  END IF;
END
$onward$;
DO $onward$
DECLARE
  look pg_catalog.refcursor := 'onward_first_look';
  problem record;
BEGIN
  IF pg_catalog.transaction_timestamp() OPERATOR(pg_catalog.<>) pg_catalog.statement_timestamp() THEN
    OPEN look FOR SELECT true AS in_transaction;
    RETURN;
  END IF;
  SET LOCAL search_path = pg_catalog, pg_temp;
  -- Of a new ledger the planner expects so many rows that it would compile the query: 80 ms.
  SET LOCAL jit = off;
{{engine}}  IF current_setting('server_version_num')::int4 < 150000 THEN
    OPEN look FOR SELECT current_setting('server_version') AS too_old;
    RETURN;
  END IF;
  {{role}}{{own_ledger}}  OPEN look FOR
  WITH line AS (
    SELECT seq, event, category, version, attempt, checksum, chain, run,
           prev = lag(chain, 1, sha256(convert_to({{genesis}}, 'UTF8'))) OVER history
             AND seq = row_number() OVER history AND chain = {{link}} AS holds
    FROM {{schema}}.schema_migration_log line
    WINDOW history AS (ORDER BY seq)
  ), done AS (
    -- What the numbers stand for now. An operator can free one: then its newest line says so.
    SELECT DISTINCT ON (version COLLATE "C") version COLLATE "C" AS version, event, category, checksum
    FROM line
    WHERE event IN ('applied', 'baseline', 'adopted', 'seeded', 'data_done', 'vacated', 'renumbered', 'restamped', 'squashed')
    ORDER BY version COLLATE "C", seq DESC
  )
  SELECT pg_is_in_recovery() AS standby,
         current_database() AS database,
         history.head_seq,
         encode(history.head_chain, 'hex') AS head_chain,
         history.holds AND CASE head_seq WHEN 0 THEN lines = 0 AND head_chain = sha256(convert_to({{genesis}}, 'UTF8'))
                           ELSE lines = head_seq AND ends_in_head END AS whole,
         history.deferred,
         -- EXCEPT hashes; a join over what the planner knows nothing of compares each with each.
         CASE WHEN any_started THEN
           EXISTS (SELECT version, attempt FROM line WHERE event = 'started' EXCEPT
             SELECT version, attempt FROM line
             WHERE event IN ('applied', 'seeded', 'finished', 'abandoned', 'data_done'))
         ELSE false END AS open,
         CASE WHEN any_abandoned THEN
           EXISTS (SELECT FROM pg_class WHERE relkind = 'i' AND strpos(relname::text, '__onward_') > 0)
         ELSE false END AS leftovers,
         what.*,
         privileged.*
  FROM (
    SELECT max(head.seq) AS head_seq, (array_agg(head.chain))[1] AS head_chain,
           count(line.seq) AS lines, coalesce(bool_and(holds), true) AS holds,
           bool_or(line.seq = head.seq AND line.chain = head.chain) AS ends_in_head,
           -- The newest line's commit did not wait for the server's log.
           coalesce(bool_or(line.seq = head.seq AND right(run, 1) = '+'), false) AS deferred,
           bool_or(event = 'started') AS any_started, bool_or(event = 'abandoned') AS any_abandoned
    FROM {{schema}}.schema_migration_head head LEFT JOIN line ON true
    WHERE head.one
  ) history
  CROSS JOIN (
    SELECT {{startup}} AS startup,
           {{seed}} AS seed,
           {{release}} AS release,
           {{data}} AS data,
           coalesce(bool_or(category = 'release' AND version > {{last_release}}), false) AS ahead
    FROM done WHERE event <> 'vacated'
  ) what
  LEFT JOIN ({{privileged}}) privileged ON true;
END
$onward$;
FETCH ALL FROM onward_first_look;
CLOSE onward_first_look;
