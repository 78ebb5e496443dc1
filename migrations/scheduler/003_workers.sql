-- The processes that do the work.
-- Global: a worker serves every tenant, one after the other.

CREATE TABLE scheduler.workers (
    id bigint GENERATED ALWAYS AS IDENTITY,
    host_name text NOT NULL,
    process_id integer NOT NULL,
    software_version text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    stopped_at timestamptz,
    CONSTRAINT workers_pkey PRIMARY KEY (id),
    CONSTRAINT workers_process_key UNIQUE (host_name, process_id, started_at),
    CONSTRAINT workers_process_id_check CHECK (process_id > 0),
    CONSTRAINT workers_stopped_at_check CHECK (stopped_at >= started_at)
);

COMMENT ON TABLE scheduler.workers IS
    'Worker processes, one row per start. Kept for a year after they stopped.';

CREATE INDEX workers_running_idx
    ON scheduler.workers (started_at)
    WHERE stopped_at IS NULL;
