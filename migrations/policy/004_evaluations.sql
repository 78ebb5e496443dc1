-- The history of evaluations: rows are added and, after the retention time, removed.

CREATE TABLE policy.evaluations (
    tenant_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    assignment_id uuid NOT NULL,
    control_code text NOT NULL,
    subject_id uuid NOT NULL,
    outcome text NOT NULL,
    duration_ms integer NOT NULL,
    evaluated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT evaluations_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT evaluations_outcome_check CHECK (outcome IN ('pass', 'fail', 'not_applicable', 'error')),
    CONSTRAINT evaluations_duration_ms_check CHECK (duration_ms >= 0),
    CONSTRAINT evaluations_assignment_fkey
        FOREIGN KEY (tenant_id, assignment_id) REFERENCES policy.assignments (tenant_id, id)
);

COMMENT ON TABLE policy.evaluations IS 'Outcome of one control for one subject at one time.';
COMMENT ON COLUMN policy.evaluations.control_code IS
    'As the rule reported it. Text, not a key: history must not change when a catalogue does.';
COMMENT ON COLUMN policy.evaluations.subject_id IS
    'Asset or component of another service, so no foreign key.';

CREATE INDEX evaluations_assignment_idx
    ON policy.evaluations (tenant_id, assignment_id, evaluated_at DESC);

CREATE INDEX evaluations_subject_idx
    ON policy.evaluations (tenant_id, subject_id, evaluated_at DESC);

ALTER TABLE policy.evaluations ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.evaluations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON policy.evaluations
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

-- security_invoker: without it the view would read as its owner, past the policies.
CREATE VIEW policy.latest_evaluations
WITH (security_invoker = true) AS
SELECT DISTINCT ON (tenant_id, subject_id, control_code)
    tenant_id,
    subject_id,
    control_code,
    outcome,
    evaluated_at
FROM policy.evaluations
ORDER BY tenant_id, subject_id, control_code, evaluated_at DESC, id DESC;

COMMENT ON VIEW policy.latest_evaluations IS 'Where each subject stands now.';
