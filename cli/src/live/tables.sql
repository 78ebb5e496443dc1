-- The size of relations with everything that belongs to them, and the rows as the server estimates them; of a partitioned
-- table those of its partitions.
SELECT n.nspname || '.' || c.relname AS relation, sum(pg_total_relation_size(part.oid))::int8 AS bytes,
       sum(greatest(part.reltuples, 0))::int8 AS rows, bool_or(part.reltuples < 0 AND part.relkind = 'r') AS is_guess
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class part ON part.oid = c.oid OR part.oid IN (SELECT relid FROM pg_partition_tree(c.oid))
WHERE n.nspname || '.' || c.relname = ANY ($1)
GROUP BY 1 ORDER BY 1
