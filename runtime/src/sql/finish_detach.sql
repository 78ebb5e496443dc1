-- Nothing to do when the statement came to its end. FINALIZE waits for the transactions that may still
-- see the partition.
DO $onward$
DECLARE
  parent regclass := to_regclass({{parent}});
  partition regclass := to_regclass({{partition}});
  pending boolean;
BEGIN
  SELECT inhdetachpending INTO pending FROM pg_inherits WHERE inhparent = parent AND inhrelid = partition;
  IF pending THEN
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', parent, partition);
  ELSIF NOT pending THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW03', MESSAGE = 'the partition is still attached';
  END IF;
END
$onward$;
