-- Never waits on the server: a waiting statement holds a snapshot, and index builds wait for snapshots.
-- The first key is given back when the second is taken.
SELECT CASE WHEN pg_catalog.pg_try_advisory_lock({{high}}::pg_catalog.int4, {{low}}::pg_catalog.int4) THEN
         CASE WHEN pg_catalog.pg_try_advisory_lock(pg_catalog.hashtext({{name}})::pg_catalog.int8) THEN true
              ELSE NOT pg_catalog.pg_advisory_unlock({{high}}::pg_catalog.int4, {{low}}::pg_catalog.int4) END
       ELSE false END AS leading;
