  -- The compare-and-swap: first, so that the second of two racing runs stops before it touches anything.
  -- A message that was sent behind others cannot know the chain yet. It asks that the last line is its
  -- own run's: the message that wrote that line asked the same of the line before, down to the one that
  -- was read.
  UPDATE {{schema}}.schema_migration_head SET seq = seq + 1
  WHERE one AND seq = {{seq}}::int8
    AND CASE WHEN {{chain}}::text IS NOT NULL THEN chain = decode({{chain}}, 'hex')
        ELSE EXISTS (SELECT FROM {{schema}}.schema_migration_log last
                     WHERE last.seq = {{seq}}::int8 AND starts_with(last.run, {{run}})) END;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW02', MESSAGE = 'the ledger has moved';
  END IF;
