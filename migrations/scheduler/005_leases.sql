-- Jobs that must not run twice at a time take a lease. It lasts 60 seconds and is
-- renewed while the job runs; a worker that dies loses it when the time is over.

CREATE TABLE scheduler.leases (
    tenant_id uuid NOT NULL,
    job_id uuid NOT NULL,
    worker_id bigint NOT NULL,
    acquired_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    CONSTRAINT leases_pkey PRIMARY KEY (tenant_id, job_id),
    CONSTRAINT leases_expires_at_check CHECK (expires_at > acquired_at),
    CONSTRAINT leases_job_fkey
        FOREIGN KEY (tenant_id, job_id) REFERENCES scheduler.jobs (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE scheduler.leases IS
    'At most one row per job. A row past expires_at is free to take and removed within a minute.';
COMMENT ON COLUMN scheduler.leases.worker_id IS
    'Holder. No foreign key: taking a lease must not wait for the workers table.';

ALTER TABLE scheduler.leases ENABLE ROW LEVEL SECURITY;
ALTER TABLE scheduler.leases FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON scheduler.leases
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
