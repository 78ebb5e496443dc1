-- NOT VALID binds new rows only and reads nothing; 009 checks the rows that are there.

-- onward: allow new-write-restriction because "only this release writes pool_id, from pools that it has read"
ALTER TABLE scheduler.workers
    ADD CONSTRAINT workers_pool_fkey
    FOREIGN KEY (pool_id) REFERENCES scheduler.worker_pools (id)
    NOT VALID;
