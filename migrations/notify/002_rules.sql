-- Which events reach which channel.

CREATE TABLE notify.rules (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    channel_id uuid NOT NULL,
    display_name text NOT NULL,
    event_type text NOT NULL,
    minimum_severity text,
    quiet_until timestamptz,
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT rules_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT rules_display_name_key UNIQUE (tenant_id, display_name),
    CONSTRAINT rules_event_type_check CHECK (event_type ~ '^[a-z_]+[.][a-z_]+$'),
    CONSTRAINT rules_minimum_severity_check
        CHECK (minimum_severity IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT rules_channel_fkey
        FOREIGN KEY (tenant_id, channel_id) REFERENCES notify.channels (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE notify.rules IS 'One event type, one channel; several rules may match one event.';
COMMENT ON COLUMN notify.rules.minimum_severity IS 'NULL: the event is sent whatever its severity.';
COMMENT ON COLUMN notify.rules.quiet_until IS
    'Muted by a person until then. Events in that time are not sent later.';

CREATE INDEX rules_channel_idx
    ON notify.rules (tenant_id, channel_id);

CREATE INDEX rules_event_idx
    ON notify.rules (tenant_id, event_type)
    WHERE enabled;

CREATE TRIGGER touch_updated_at
    BEFORE UPDATE ON notify.rules
    FOR EACH ROW EXECUTE FUNCTION notify.touch_updated_at();

ALTER TABLE notify.rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE notify.rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON notify.rules
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
