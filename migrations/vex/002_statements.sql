-- The statements: this product, this vulnerability, this status, and why.
-- "Not affected" needs a reason from the closed list, or a sentence of impact.

-- Global: the list comes from the VEX minimum requirements, the same for everyone.
CREATE TABLE vex.justifications (
    justification_code text,
    description text NOT NULL,
    CONSTRAINT justifications_pkey PRIMARY KEY (justification_code)
);

COMMENT ON TABLE vex.justifications IS 'Accepted reasons for "not affected". Filled by seed S001.';

CREATE TABLE vex.statements (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    document_id uuid NOT NULL,
    vulnerability text NOT NULL,
    product_purl text NOT NULL,
    status text NOT NULL,
    justification_code text,
    impact text,
    stated_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    CONSTRAINT statements_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT statements_subject_key UNIQUE (tenant_id, document_id, vulnerability, product_purl),
    CONSTRAINT statements_status_check
        CHECK (status IN ('not_affected', 'affected', 'fixed', 'under_investigation')),
    CONSTRAINT statements_reason_check
        CHECK (status <> 'not_affected' OR justification_code IS NOT NULL OR impact IS NOT NULL),
    CONSTRAINT statements_justification_check
        CHECK (status = 'not_affected' OR justification_code IS NULL),
    CONSTRAINT statements_impact_check CHECK (char_length(impact) <= 4000),
    CONSTRAINT statements_document_fkey
        FOREIGN KEY (tenant_id, document_id) REFERENCES vex.documents (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT statements_justification_fkey
        FOREIGN KEY (justification_code) REFERENCES vex.justifications (justification_code)
);

COMMENT ON TABLE vex.statements IS
    'Status of one product for one vulnerability, as one document states it.';
COMMENT ON COLUMN vex.statements.vulnerability IS
    'Public identifier such as a CVE number. The vuln module owns advisories, so no foreign key.';
COMMENT ON COLUMN vex.statements.withdrawn_at IS
    'Set when a newer document of the same issuer takes the statement back.';

CREATE INDEX statements_justification_idx
    ON vex.statements (justification_code);

-- Consensus is computed per subject from the statements that still stand.
CREATE INDEX statements_standing_idx
    ON vex.statements (tenant_id, vulnerability, product_purl)
    WHERE withdrawn_at IS NULL;

ALTER TABLE vex.statements ENABLE ROW LEVEL SECURITY;
ALTER TABLE vex.statements FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON vex.statements
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
