-- Each time a job runs, with its attempts. The largest table of the module: keys are
-- narrow, and the queue is found through a partial index that stays small.

CREATE TABLE scheduler.runs (
    tenant_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    job_id uuid NOT NULL,
    queue_code text NOT NULL,
    worker_id bigint,
    state text NOT NULL DEFAULT 'queued',
    priority smallint NOT NULL DEFAULT 0,
    attempt smallint NOT NULL DEFAULT 1,
    deduplication_key text,
    scheduled_for timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    error_code text,
    error_detail text,
    CONSTRAINT runs_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT runs_state_check
        CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    CONSTRAINT runs_attempt_check CHECK (attempt >= 1),
    CONSTRAINT runs_started_at_check
        CHECK (state NOT IN ('running', 'succeeded', 'failed') OR started_at IS NOT NULL),
    CONSTRAINT runs_finished_at_check
        CHECK ((state IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT runs_error_detail_check CHECK (char_length(error_detail) <= 8000),
    CONSTRAINT runs_job_fkey
        FOREIGN KEY (tenant_id, job_id) REFERENCES scheduler.jobs (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE scheduler.runs IS 'Runs of jobs: queued, in progress and done.';
COMMENT ON COLUMN scheduler.runs.queue_code IS
    'Queue of the job when the run was made; moving a job leaves its queued runs where they are.';
COMMENT ON COLUMN scheduler.runs.worker_id IS
    'Worker of the last attempt. No foreign key: workers are pruned before runs are.';
COMMENT ON COLUMN scheduler.runs.deduplication_key IS
    'While a run with the same key is waiting or running, no second one is made.';

CREATE INDEX runs_job_idx
    ON scheduler.runs (tenant_id, job_id, scheduled_for DESC);

CREATE INDEX runs_queued_idx
    ON scheduler.runs (tenant_id, queue_code, priority DESC, scheduled_for)
    WHERE state = 'queued';

CREATE UNIQUE INDEX runs_deduplication_key
    ON scheduler.runs (tenant_id, job_id, deduplication_key)
    WHERE state IN ('queued', 'running');

ALTER TABLE scheduler.runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE scheduler.runs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON scheduler.runs
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
