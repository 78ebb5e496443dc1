CREATE TABLE allowed_with_a_reason.items (id bigint PRIMARY KEY);

-- onward: allow opaque-sql because "the block only writes to the server's log"
DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS NULL', current_database()); END $$;
