-- The compare-and-swap: first, so that the second of two racing runs stops before it touches anything.
DO $onward$
BEGIN
  UPDATE {{schema}}.schema_migration_head SET seq = seq + 1
  WHERE one AND seq = {{seq}}::int8 AND chain = decode({{chain}}, 'hex');
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW02', MESSAGE = 'the ledger has moved';
  END IF;
END
$onward$;
