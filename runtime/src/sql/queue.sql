-- Whoever queues for a lock makes everybody behind it queue too. So it is looked first: while another
-- session holds a lock on something that the migration names, it only knocks, and does not stand in
-- line. A name that means nothing to the statement costs it some patience and nothing else.
DO $onward$
DECLARE
  named oid[] := ARRAY(SELECT oid FROM pg_class
    WHERE relname = ANY (string_to_array({{words}}, ' ')) AND relkind IN ('r', 'p', 'm', 'v', 'f'));
BEGIN
  IF cardinality(named) > 0 AND EXISTS (
    SELECT FROM pg_locks held
    WHERE held.locktype = 'relation' AND held.granted AND held.pid <> pg_backend_pid()
      AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND held.relation = ANY (named)) THEN
    PERFORM set_config('lock_timeout', {{knock}}, true);
  END IF;
END
$onward$;
