-- In the transaction of the line that says that the data migration has begun.
DO $onward$
DECLARE
  problem record;
  total int8;
BEGIN
  SET LOCAL search_path = pg_catalog, pg_temp;
{{own_progress}}  -- An estimate: what the last ANALYZE has counted.
  SELECT sum(nullif(reltuples, -1))::int8 INTO total FROM pg_class
  WHERE oid IN (SELECT relid FROM pg_partition_tree(to_regclass({{table}})) UNION SELECT to_regclass({{table}}));
  INSERT INTO {{schema}}.schema_migration_progress
    (version, checksum, state, pass, size, speed, rows, pass_rows, before_rows, scanned, batches, busy_ms, skipped, total, worker, who,
     started, at)
  VALUES ({{version}}, decode({{checksum}}, 'hex'), {{state}}, 0, {{size}}::int4, 1, 0, 0, 0, 0, 0, 0, 0, total,
    {{worker}}, session_user, clock_timestamp(), clock_timestamp());
END
$onward$;
