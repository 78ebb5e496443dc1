-- Which version applies where, and what happens when it is violated.

CREATE TABLE policy.assignments (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    pack_version_id uuid NOT NULL,
    scope_kind text NOT NULL,
    scope_id uuid,
    enforcement text NOT NULL DEFAULT 'report',
    assigned_by uuid NOT NULL,
    assigned_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    CONSTRAINT assignments_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT assignments_scope_kind_check CHECK (scope_kind IN ('tenant', 'team', 'asset')),
    CONSTRAINT assignments_scope_id_check CHECK ((scope_kind = 'tenant') = (scope_id IS NULL)),
    CONSTRAINT assignments_enforcement_check CHECK (enforcement IN ('report', 'warn', 'block')),
    CONSTRAINT assignments_pack_version_fkey
        FOREIGN KEY (tenant_id, pack_version_id) REFERENCES policy.pack_versions (tenant_id, id)
);

COMMENT ON TABLE policy.assignments IS
    'A version that applies to a scope. Ended, never deleted: evaluations refer to it.';
COMMENT ON COLUMN policy.assignments.scope_id IS
    'Team or asset of another service, so no foreign key; NULL for the whole tenant.';
COMMENT ON COLUMN policy.assignments.assigned_by IS
    'User in the auth module; another schema, so no foreign key.';

CREATE INDEX assignments_pack_version_idx
    ON policy.assignments (tenant_id, pack_version_id);

CREATE INDEX assignments_in_force_idx
    ON policy.assignments (tenant_id, scope_kind, scope_id)
    WHERE ended_at IS NULL;

ALTER TABLE policy.assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.assignments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON policy.assignments
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
