-- Some work needs special machines: a pool is a group of workers that take only the
-- queues meant for them. A worker without a pool takes everything, as before.
-- Global, like the workers.

CREATE TABLE scheduler.worker_pools (
    id bigint GENERATED ALWAYS AS IDENTITY,
    pool_code text NOT NULL,
    description text NOT NULL,
    CONSTRAINT worker_pools_pkey PRIMARY KEY (id),
    CONSTRAINT worker_pools_pool_code_key UNIQUE (pool_code)
);

COMMENT ON TABLE scheduler.worker_pools IS 'Groups of workers, made by the operator.';

ALTER TABLE scheduler.workers
    ADD COLUMN pool_id bigint,
    ADD COLUMN last_heartbeat_at timestamptz;

COMMENT ON COLUMN scheduler.workers.pool_id IS 'NULL: the worker takes runs of every queue.';
COMMENT ON COLUMN scheduler.workers.last_heartbeat_at IS
    'Written every 15 seconds. No default: a worker of an older release must not look alive.';
