-- Workers go on registering while this reads their table. Neither table has row level
-- security, so every row is seen and the check means what it says.

ALTER TABLE scheduler.workers
    VALIDATE CONSTRAINT workers_pool_fkey;
