-- Issuers disagree. Consensus is the status that the platform acts on, recomputed
-- every hour from the standing statements; votes keep what it was computed from.

CREATE TABLE vex.consensus (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    vulnerability text NOT NULL,
    product_purl text NOT NULL,
    status text NOT NULL,
    score numeric(4, 3),
    computed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT consensus_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT consensus_subject_key UNIQUE (tenant_id, vulnerability, product_purl),
    CONSTRAINT consensus_status_check
        CHECK (status IN ('not_affected', 'affected', 'fixed', 'under_investigation')),
    CONSTRAINT consensus_score_check CHECK (score BETWEEN 0 AND 1)
);

COMMENT ON TABLE vex.consensus IS 'Computed, never edited: deleting all rows loses nothing.';

ALTER TABLE vex.consensus ENABLE ROW LEVEL SECURITY;
ALTER TABLE vex.consensus FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON vex.consensus
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

CREATE TABLE vex.consensus_votes (
    tenant_id uuid NOT NULL,
    consensus_id uuid NOT NULL,
    statement_id uuid NOT NULL,
    weight numeric(4, 3) NOT NULL,
    CONSTRAINT consensus_votes_pkey PRIMARY KEY (tenant_id, consensus_id, statement_id),
    CONSTRAINT consensus_votes_weight_check CHECK (weight BETWEEN 0 AND 1),
    CONSTRAINT consensus_votes_consensus_fkey
        FOREIGN KEY (tenant_id, consensus_id) REFERENCES vex.consensus (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT consensus_votes_statement_fkey
        FOREIGN KEY (tenant_id, statement_id) REFERENCES vex.statements (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE vex.consensus_votes IS
    'Statements that a consensus was computed from, with the weight each had.';

CREATE INDEX consensus_votes_statement_idx
    ON vex.consensus_votes (tenant_id, statement_id);

ALTER TABLE vex.consensus_votes ENABLE ROW LEVEL SECURITY;
ALTER TABLE vex.consensus_votes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON vex.consensus_votes
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
