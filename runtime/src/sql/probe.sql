  -- A session that queues for a lock makes every later session queue behind it. So the migration looks
  -- first: while another session holds a lock that conflicts with one of its own, it only probes, for an
  -- instant, and does not stay in the queue.
  -- Mostly no other session holds anything but catalogs, and that is seen without a look for the names.
  IF {{locks}}::text IS NOT NULL THEN
    IF EXISTS (SELECT FROM pg_lock_status() held WHERE held.locktype = 'relation' AND held.granted
                 AND held.pid <> pg_backend_pid() AND held.relation >= 16384) THEN
      IF EXISTS (
{{conflicting}}      ) THEN
        PERFORM set_config('lock_timeout', {{probe}}, true);
      END IF;
    END IF;
  END IF;
