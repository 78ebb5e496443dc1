-- Nothing to do when the statement came to its end. FINALIZE waits for the transactions that may still
-- see the partition.
DO $onward$
DECLARE
  parent regclass;
  partition regclass;
  pending boolean;
BEGIN
  PERFORM set_config('search_path', {{path}} || ', pg_temp', true);
  parent := to_regclass({{parent}});
  partition := to_regclass({{partition}});
  SELECT inhdetachpending INTO pending FROM pg_catalog.pg_inherits
  WHERE inhparent = parent AND inhrelid = partition;
  IF pending THEN
    EXECUTE pg_catalog.format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', parent, partition);
  ELSIF NOT pending THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW03', MESSAGE = 'the partition is still attached';
  END IF;
END
$onward$;
