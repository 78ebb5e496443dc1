-- NOT VALID binds new rows only and reads nothing; 009 checks the rows that are there.

ALTER TABLE scheduler.workers
    ADD CONSTRAINT workers_pool_fkey
    FOREIGN KEY (pool_id) REFERENCES scheduler.worker_pools (id)
    NOT VALID;
