-- When a job runs: by calendar, at an interval, or after an event.

CREATE TABLE scheduler.triggers (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    job_id uuid NOT NULL,
    trigger_kind text NOT NULL,
    cron_expression text,
    time_zone text NOT NULL DEFAULT 'UTC',
    interval_seconds integer,
    event_name text,
    enabled boolean NOT NULL DEFAULT true,
    next_fire_at timestamptz,
    last_fired_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT triggers_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT triggers_trigger_kind_check CHECK (trigger_kind IN ('cron', 'interval', 'event')),
    CONSTRAINT triggers_cron_expression_check CHECK ((trigger_kind = 'cron') = (cron_expression IS NOT NULL)),
    CONSTRAINT triggers_interval_seconds_check
        CHECK ((trigger_kind = 'interval') = (interval_seconds IS NOT NULL)),
    CONSTRAINT triggers_shortest_interval_check CHECK (interval_seconds >= 10),
    CONSTRAINT triggers_event_name_check CHECK ((trigger_kind = 'event') = (event_name IS NOT NULL)),
    CONSTRAINT triggers_job_fkey
        FOREIGN KEY (tenant_id, job_id) REFERENCES scheduler.jobs (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE scheduler.triggers IS
    'Reasons for a job to run. A job without triggers runs by hand only.';
COMMENT ON COLUMN scheduler.triggers.time_zone IS 'Zone in which cron_expression is read.';
COMMENT ON COLUMN scheduler.triggers.next_fire_at IS
    'Computed by the dispatcher; NULL for event triggers.';

CREATE INDEX triggers_job_idx
    ON scheduler.triggers (tenant_id, job_id);

-- The dispatcher visits tenant after tenant, under the policy like every other session.
CREATE INDEX triggers_due_idx
    ON scheduler.triggers (tenant_id, next_fire_at)
    WHERE enabled AND next_fire_at IS NOT NULL;

CREATE INDEX triggers_event_idx
    ON scheduler.triggers (tenant_id, event_name)
    WHERE enabled AND event_name IS NOT NULL;

CREATE TRIGGER touch_updated_at
    BEFORE UPDATE ON scheduler.triggers
    FOR EACH ROW EXECUTE FUNCTION scheduler.touch_updated_at();

ALTER TABLE scheduler.triggers ENABLE ROW LEVEL SECURITY;
ALTER TABLE scheduler.triggers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON scheduler.triggers
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
