-- What a tenant runs, and which advisories affect it.
-- Every key begins with tenant_id: the policy filters by it in each query, and a
-- foreign key that carries it cannot point into another tenant.

CREATE TABLE vuln.components (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    asset_id uuid NOT NULL,
    purl text NOT NULL,
    ecosystem text NOT NULL,
    package_name text NOT NULL,
    package_version text NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT components_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT components_purl_key UNIQUE (tenant_id, asset_id, purl),
    CONSTRAINT components_purl_check CHECK (purl LIKE 'pkg:%' AND char_length(purl) <= 1000),
    CONSTRAINT components_last_seen_at_check CHECK (last_seen_at >= first_seen_at)
);

COMMENT ON TABLE vuln.components IS 'Packages that an inventory found on a tenant''s assets.';
COMMENT ON COLUMN vuln.components.asset_id IS
    'Asset in the inventory service; another service owns it, so no foreign key.';
COMMENT ON COLUMN vuln.components.purl IS 'Package URL with version.';

CREATE INDEX components_package_idx
    ON vuln.components (tenant_id, ecosystem, package_name);

ALTER TABLE vuln.components ENABLE ROW LEVEL SECURITY;
ALTER TABLE vuln.components FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON vuln.components
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

CREATE TABLE vuln.findings (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    component_id uuid NOT NULL,
    advisory_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'open',
    suppressed_until timestamptz,
    opened_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    CONSTRAINT findings_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT findings_component_advisory_key UNIQUE (tenant_id, component_id, advisory_id),
    CONSTRAINT findings_state_check CHECK (state IN ('open', 'acknowledged', 'suppressed', 'resolved')),
    CONSTRAINT findings_resolved_at_check CHECK ((state = 'resolved') = (resolved_at IS NOT NULL)),
    CONSTRAINT findings_suppressed_until_check CHECK (state = 'suppressed' OR suppressed_until IS NULL),
    CONSTRAINT findings_component_fkey
        FOREIGN KEY (tenant_id, component_id) REFERENCES vuln.components (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT findings_advisory_fkey
        FOREIGN KEY (advisory_id) REFERENCES vuln.advisories (id)
);

COMMENT ON TABLE vuln.findings IS
    'An advisory that applies to a component. A component that comes back reopens its old row.';
COMMENT ON COLUMN vuln.findings.suppressed_until IS
    'NULL on a suppressed finding means until someone reopens it.';

CREATE INDEX findings_advisory_idx
    ON vuln.findings (advisory_id);

-- Most findings are resolved sooner or later; the dashboard shows the others.
CREATE INDEX findings_unresolved_idx
    ON vuln.findings (tenant_id, opened_at)
    WHERE state <> 'resolved';

ALTER TABLE vuln.findings ENABLE ROW LEVEL SECURITY;
ALTER TABLE vuln.findings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON vuln.findings
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

-- security_invoker: without it the view would read as its owner, past the policies.
CREATE VIEW vuln.unresolved_findings
WITH (security_invoker = true) AS
SELECT
    findings.tenant_id,
    findings.id,
    findings.state,
    findings.opened_at,
    components.asset_id,
    components.purl,
    advisories.external_id,
    advisories.severity
FROM vuln.findings
JOIN vuln.components
    ON components.tenant_id = findings.tenant_id
    AND components.id = findings.component_id
JOIN vuln.advisories
    ON advisories.id = findings.advisory_id
WHERE findings.state <> 'resolved'
    AND advisories.withdrawn_at IS NULL;

COMMENT ON VIEW vuln.unresolved_findings IS 'What the dashboard lists.';
