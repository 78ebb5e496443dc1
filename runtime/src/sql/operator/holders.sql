-- Which sessions hold the module's locks. pg_locks shows the halves of a 64-bit key, and int4 keys, as unsigned
-- numbers. What another role's session does is null here, unless ours may see it.
SET LOCAL search_path = pg_catalog, pg_temp;
WITH held AS (
  SELECT pid, CASE WHEN objsubid = 1 THEN 'hashtext of the schema''s name'
                   WHEN objid = ({{low}}::int8 & 4294967295)::oid THEN 'migrations' ELSE 'data migrations' END AS lock
  FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND ((objsubid = 2 AND classid = ({{high}}::int8 & 4294967295)::oid
                       AND objid IN (({{low}}::int8 & 4294967295)::oid, ({{data}}::int8 & 4294967295)::oid))
      OR (objsubid = 1 AND classid = ((hashtext({{name}})::int8 >> 32) & 4294967295)::oid
                       AND objid = (hashtext({{name}})::int8 & 4294967295)::oid))
), holder AS (
  -- A run holds two of them, and the first says more.
  SELECT pid, CASE WHEN bool_or(lock = 'migrations') THEN 'migrations' ELSE min(lock) END AS lock FROM held GROUP BY pid
)
