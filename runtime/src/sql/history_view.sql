CREATE OR REPLACE VIEW {{schema}}.schema_migration_history WITH (security_invoker = true) AS
  SELECT name AS migration_name, category, encode(checksum, 'hex') AS checksum, at AS applied_at,
         who AS applied_by, ms AS duration_ms
  FROM (
    SELECT DISTINCT ON (version) seq, event, name, category, checksum, at, who, ms
    FROM {{schema}}.schema_migration_log
    WHERE event IN ('applied', 'baseline', 'adopted', 'seeded', 'data_done', 'renumbered', 'vacated', 'squashed')
    ORDER BY version, seq DESC
  ) latest
  WHERE event <> 'vacated'
  ORDER BY seq;
