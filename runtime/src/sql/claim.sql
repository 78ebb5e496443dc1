-- The compare-and-swap: first, so that the second of two racing runs stops before it touches anything.
-- A message that was sent behind others cannot know the chain yet. It asks that every line since the
-- one that the run has read is its own: then they are the ones that it was sent behind, and no other.
DO $onward$
BEGIN
  UPDATE {{schema}}.schema_migration_head SET seq = seq + 1
  WHERE one AND seq = {{seq}}::int8 + {{ahead}}::int8
    AND CASE WHEN {{ahead}}::int8 = 0 THEN chain = decode({{chain}}, 'hex')
        ELSE (SELECT count(*) = {{ahead}}::int8 AND bool_and(ours.run = {{run}})
                AND bool_or(ours.prev = decode({{chain}}, 'hex'))
              FROM {{schema}}.schema_migration_log ours WHERE ours.seq > {{seq}}::int8) END;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW02', MESSAGE = 'the ledger has moved';
  END IF;
END
$onward$;
