  INSERT INTO {{schema}}.schema_migration_batch (version, batch, after, until, rows, ms, worker, at)
  VALUES ({{version}}, job.batches + 1, job.position, upto, changed,
    least(greatest(extract(epoch FROM clock_timestamp() - began) * 1000, 0), 2147483647)::int4, {{worker}}, clock_timestamp());
  DELETE FROM {{schema}}.schema_migration_batch WHERE version = {{version}} AND batch <= job.batches + 1 - {{kept}}::int8;
  UPDATE {{schema}}.schema_migration_progress
  SET position = upto, rows = rows + changed, pass_rows = pass_rows + changed, scanned = scanned + {{looked}}::int8,
      batches = batches + 1, size = {{size}}::int4, reason = NULL,
      busy_ms = busy_ms + greatest(extract(epoch FROM clock_timestamp() - began) * 1000, 0)::int8,
      at = clock_timestamp()
  WHERE version = {{version}};
