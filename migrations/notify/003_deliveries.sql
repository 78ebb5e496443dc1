-- One message to one channel. The row is both the outbox and, once sent, the proof.

CREATE TABLE notify.deliveries (
    tenant_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    rule_id uuid NOT NULL,
    event_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    attempts smallint NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    message jsonb NOT NULL,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    CONSTRAINT deliveries_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT deliveries_event_key UNIQUE (tenant_id, rule_id, event_id),
    CONSTRAINT deliveries_state_check CHECK (state IN ('waiting', 'sent', 'given_up')),
    CONSTRAINT deliveries_attempts_check CHECK (attempts BETWEEN 0 AND 50),
    CONSTRAINT deliveries_sent_at_check CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT deliveries_last_error_check CHECK (char_length(last_error) <= 2000),
    CONSTRAINT deliveries_rule_fkey
        FOREIGN KEY (tenant_id, rule_id) REFERENCES notify.rules (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE notify.deliveries IS 'Messages to send and messages sent.';
COMMENT ON COLUMN notify.deliveries.event_id IS
    'Event of another service, so no foreign key. An event that arrives twice is sent once.';
COMMENT ON COLUMN notify.deliveries.next_attempt_at IS
    'Pushed back after each failure, up to six hours.';

CREATE INDEX deliveries_state_idx
    ON notify.deliveries (tenant_id, state, next_attempt_at);

ALTER TABLE notify.deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE notify.deliveries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON notify.deliveries
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
