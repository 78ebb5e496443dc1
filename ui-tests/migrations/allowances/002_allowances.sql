-- onward: allow opaque-sql
EXPLAIN ANALYZE SELECT 1;

-- onward: allow opaque-sqll because "the block is empty"
ALTER TABLE allowances.items ADD COLUMN a text;

-- onward: allow unknown-statement because "it is not unknown"
ALTER TABLE allowances.items ADD COLUMN b text;

-- onward: allow drop-column because "nothing reads it any more"
ALTER TABLE allowances.items DROP COLUMN title;

-- onward: allow PG101 because "another tool calls it that"
ALTER TABLE allowances.items ADD COLUMN c text;
