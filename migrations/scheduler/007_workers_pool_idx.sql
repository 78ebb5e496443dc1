-- For the foreign key of 008: removing a pool looks up its workers.

CREATE INDEX CONCURRENTLY workers_pool_idx
    ON scheduler.workers (pool_id);
