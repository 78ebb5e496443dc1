-- A version is done once with each text, and each of its attempts starts once. One index for both, because until
-- 16 the server flushes each index file when it creates it.
CREATE UNIQUE INDEX schema_migration_once ON {{schema}}.schema_migration_log
  (version, (CASE event WHEN 'started' THEN attempt END), (CASE WHEN event <> 'started' THEN checksum END))
  NULLS NOT DISTINCT
  WHERE event IN ('applied', 'baseline', 'adopted', 'data_done', 'started', 'seeded');
