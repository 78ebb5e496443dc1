-- Workers go on registering while this scans their table. Neither table has row-level
-- security, so the check sees every row.

ALTER TABLE scheduler.workers
    VALIDATE CONSTRAINT workers_pool_fkey;
