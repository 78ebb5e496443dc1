-- onward: allow opaque-sql
EXPLAIN ANALYZE SELECT 1;

-- onward: allow opaque-sqll because "the block is empty"
CREATE TABLE allowances.owners (id bigint PRIMARY KEY);

-- onward: allow unknown-statement because "it is not unknown"
CREATE TABLE allowances.shops (id bigint PRIMARY KEY);

-- onward: allow drop-column because "nothing reads it any more"
ALTER TABLE allowances.items DROP COLUMN title;

-- onward: allow PG101 because "another tool calls it that"
CREATE TABLE allowances.towns (id bigint PRIMARY KEY);
