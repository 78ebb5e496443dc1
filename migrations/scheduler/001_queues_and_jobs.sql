-- What can be run: queues order the work, jobs describe it.

CREATE FUNCTION scheduler.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Global: queues belong to the installation, tenants share them.
CREATE TABLE scheduler.queues (
    queue_code text,
    description text NOT NULL,
    max_running integer NOT NULL,
    CONSTRAINT queues_pkey PRIMARY KEY (queue_code),
    CONSTRAINT queues_queue_code_check CHECK (queue_code ~ '^[a-z][a-z0-9_]{1,30}$'),
    CONSTRAINT queues_max_running_check CHECK (max_running BETWEEN 1 AND 1000)
);

COMMENT ON TABLE scheduler.queues IS
    'Queues and their limits. Filled by seed S001; operators tune max_running.';
COMMENT ON COLUMN scheduler.queues.max_running IS
    'How many runs of the queue may be in progress at once, over all workers.';

CREATE TABLE scheduler.jobs (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    queue_code text NOT NULL,
    job_kind text NOT NULL,
    display_name text NOT NULL,
    parameters jsonb NOT NULL DEFAULT '{}',
    enabled boolean NOT NULL DEFAULT true,
    max_attempts smallint NOT NULL DEFAULT 3,
    timeout_seconds integer NOT NULL DEFAULT 600,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT jobs_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT jobs_display_name_key UNIQUE (tenant_id, display_name),
    CONSTRAINT jobs_parameters_check CHECK (jsonb_typeof(parameters) = 'object'),
    CONSTRAINT jobs_max_attempts_check CHECK (max_attempts BETWEEN 1 AND 20),
    CONSTRAINT jobs_timeout_seconds_check CHECK (timeout_seconds BETWEEN 1 AND 86400),
    CONSTRAINT jobs_queue_fkey FOREIGN KEY (queue_code) REFERENCES scheduler.queues (queue_code)
);

COMMENT ON TABLE scheduler.jobs IS 'Work that a tenant can have done, on a trigger or by hand.';
COMMENT ON COLUMN scheduler.jobs.job_kind IS
    'Name of the handler in the worker, for example import_feed.';
COMMENT ON COLUMN scheduler.jobs.parameters IS
    'Input of the handler. References to secrets only, never secrets.';

CREATE INDEX jobs_queue_idx
    ON scheduler.jobs (queue_code);

CREATE TRIGGER touch_updated_at
    BEFORE UPDATE ON scheduler.jobs
    FOR EACH ROW EXECUTE FUNCTION scheduler.touch_updated_at();

ALTER TABLE scheduler.jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE scheduler.jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON scheduler.jobs
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
