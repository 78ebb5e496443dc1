-- Whether there is anything to do at all: one statement, so one snapshot; no lock, SELECT is all that the
-- role needs, and the answer is one row however long the history is. What is done of each category is
-- one digest, over what this binary can know of: newer lines are another binary's.
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
{{engine}}  IF current_setting('server_version_num')::int4 < 150000 THEN
    OPEN look FOR SELECT current_setting('server_version') AS too_old;
    RETURN;
  END IF;
  {{role}}{{own_ledger}}  OPEN look FOR
  WITH line AS (
    SELECT *,
           lag(chain, 1, sha256(convert_to({{genesis}}, 'UTF8'))) OVER (ORDER BY seq) AS expected_prev,
           row_number() OVER (ORDER BY seq) AS expected_seq
    FROM {{schema}}.schema_migration_log
  ), live AS (
    -- What the numbers stand for now: an operator can free one.
    SELECT line.* FROM line
    LEFT JOIN (SELECT version, max(seq) AS seq FROM line WHERE event = 'vacated' GROUP BY version) freed USING (version)
    WHERE line.seq > coalesce(freed.seq, 0)
  ), done AS (
    SELECT DISTINCT ON (version) version, category, checksum FROM live
    WHERE event IN ('applied', 'baseline', 'adopted', 'seeded', 'data_done', 'renumbered', 'restamped', 'squashed')
    ORDER BY version, seq DESC
  ), digest AS (
    SELECT category, encode(sha256(convert_to(
             string_agg(version || encode(checksum, 'hex'), '' ORDER BY version COLLATE "C"), 'UTF8')), 'hex') AS digest
    FROM done
    WHERE category IN ('startup', 'release', 'data')
      AND version COLLATE "C" <= CASE category WHEN 'startup' THEN {{startup}} WHEN 'release' THEN {{release}}
                                 ELSE {{data}} END
    GROUP BY category
  ), planned_seed AS (
    SELECT split_part(pair, ' ', 1) AS version, split_part(pair, ' ', 2) AS checksum
    FROM unnest(string_to_array({{seeds}}, ',')) AS pair
  )
  SELECT pg_is_in_recovery() AS standby,
         current_database() AS database,
         head.seq AS head_seq,
         encode(head.chain, 'hex') AS head_chain,
         (SELECT count(*) = head.seq AND coalesce(bool_and(seq = expected_seq AND prev = expected_prev
                 AND chain = {{link}}), true)
          FROM line)
         AND head.chain = coalesce((SELECT chain FROM line ORDER BY seq DESC LIMIT 1),
                                   sha256(convert_to({{genesis}}, 'UTF8'))) AS whole,
         -- The newest line's commit did not wait for the server's log.
         coalesce((SELECT right(run, 1) = '+' FROM line ORDER BY seq DESC LIMIT 1), false) AS deferred,
         EXISTS (SELECT version, attempt FROM line WHERE event = 'started' EXCEPT
           SELECT version, attempt FROM line
           WHERE event IN ('applied', 'seeded', 'finished', 'abandoned', 'data_done')) AS open,
         CASE WHEN EXISTS (SELECT FROM line WHERE event = 'abandoned') THEN
           EXISTS (SELECT FROM pg_class WHERE relkind = 'i' AND strpos(relname::text, '__onward_') > 0)
         ELSE false END AS leftovers,
         EXISTS (SELECT FROM done WHERE category = 'release' AND version COLLATE "C" > {{release}}) AS ahead,
         EXISTS (SELECT FROM done WHERE category = 'seed' AND version COLLATE "C" < {{seed}}
           AND version NOT IN (SELECT version FROM planned_seed)) AS unknown_seed,
         -- EXCEPT hashes; a join over what the planner knows nothing of compares each with each.
         EXISTS (SELECT version, checksum FROM planned_seed EXCEPT
           SELECT version, encode(checksum, 'hex') FROM live
           WHERE event IN ('seeded', 'baseline', 'adopted', 'renumbered')) AS unseen_seed,
         (SELECT string_agg(planned.version, ',') FROM planned_seed planned JOIN done USING (version)
          WHERE encode(done.checksum, 'hex') <> planned.checksum) AS superseded_seeds,
         (SELECT digest FROM digest WHERE category = 'startup') AS startup,
         (SELECT digest FROM digest WHERE category = 'release') AS release,
         (SELECT digest FROM digest WHERE category = 'data') AS data,
         privileged.*
  FROM (VALUES (true)) AS always(one)
  LEFT JOIN {{schema}}.schema_migration_head head ON head.one
  LEFT JOIN ({{privileged}}) privileged ON true;
END
$onward$;
FETCH ALL FROM onward_first_look;
CLOSE onward_first_look;
