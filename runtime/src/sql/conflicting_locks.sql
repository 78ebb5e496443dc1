  -- Each wanted lock is the number of the weakest mode that conflicts with it, a space, and the relation.
  -- The server locks partitions and inheriting tables together with their parent.
  WITH RECURSIVE wanted(relation, weakest) AS (
    SELECT class.oid, split_part(one, ' ', 1)::int4
    FROM unnest({{locks}}::text[]) AS one
    JOIN pg_namespace space ON starts_with(substr(one, strpos(one, ' ') + 1), space.nspname::text || '.')
    JOIN pg_class class ON class.relnamespace = space.oid
      AND class.relname = substr(one, strpos(one, ' ') + length(space.nspname::text) + 2)::name
    UNION
    SELECT child.inhrelid, wanted.weakest FROM wanted JOIN pg_inherits child ON child.inhparent = wanted.relation
  )
  SELECT held.pid, held.virtualtransaction, held.relation
  FROM pg_locks held JOIN wanted ON wanted.relation = held.relation
  WHERE held.locktype = 'relation' AND held.granted AND held.pid <> pg_backend_pid()
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND array_position(ARRAY['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock',
          'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'], held.mode) >= wanted.weakest
