-- NOT VALID applies to new rows only and reads none; 009 checks the existing rows.

-- onward: allow new-write-restriction because "only this release writes pool_id, from pools that it has read"
ALTER TABLE scheduler.workers
    ADD CONSTRAINT workers_pool_fkey
    FOREIGN KEY (pool_id) REFERENCES scheduler.worker_pools (id)
    NOT VALID;
