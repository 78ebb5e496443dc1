EXISTS (
    SELECT FROM pg_catalog.pg_class
    WHERE oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass({{table}})) UNION SELECT pg_catalog.to_regclass({{table}}))
      AND relkind = 'r'
      AND (pg_catalog.pg_stat_get_live_tuples(oid) > 0 OR reltuples <> 0 AND pg_catalog.pg_relation_size(oid) > 0)
  )