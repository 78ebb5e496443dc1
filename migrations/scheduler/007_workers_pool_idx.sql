-- For the foreign key of 008: removing a pool asks for its workers.

CREATE INDEX CONCURRENTLY workers_pool_idx
    ON scheduler.workers (pool_id);
