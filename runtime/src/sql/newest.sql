(
    -- What the numbers stand for now. An operator can free one: then its newest line says so.
    SELECT DISTINCT ON (version COLLATE "C") version COLLATE "C" AS version, event, category, checksum
    FROM {{schema}}.schema_migration_log
    WHERE event IN ('applied', 'baseline', 'adopted', 'seeded', 'data_done', 'vacated', 'renumbered', 'restamped', 'squashed')
    ORDER BY version COLLATE "C", seq DESC
  ) newest
  WHERE event <> 'vacated'