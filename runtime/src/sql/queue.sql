  -- Whoever queues for a lock makes everybody behind it queue too. So it is looked first: while another
  -- session holds a lock on something that the migration names, it only knocks, and does not stand in
  -- line. A name that means nothing to the statement costs it some patience and nothing else.
  -- Mostly nobody holds anything but catalogs, and that is seen without a look for the names.
  IF {{words}}::text IS NOT NULL THEN
    IF EXISTS (SELECT FROM pg_lock_status() held WHERE held.locktype = 'relation' AND held.granted
                 AND held.pid <> pg_backend_pid() AND held.relation >= 16384) THEN
      IF EXISTS (
        SELECT FROM pg_locks held
        WHERE held.locktype = 'relation' AND held.granted AND held.pid <> pg_backend_pid()
          AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND held.relation IN (SELECT oid FROM pg_class
            WHERE relname = ANY (string_to_array({{words}}, ' ')) AND relkind IN ('r', 'p', 'm', 'v', 'f'))) THEN
        PERFORM set_config('lock_timeout', {{knock}}, true);
      END IF;
    END IF;
  END IF;
