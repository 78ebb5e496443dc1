-- Who makes statements about a vulnerability, and the documents that contain them.
-- The documents themselves are in object storage; the table keeps their hash.

-- Global: an issuer is a public party. How far a tenant trusts it is a policy matter.
CREATE TABLE vex.issuers (
    id bigint GENERATED ALWAYS AS IDENTITY,
    display_name text NOT NULL,
    issuer_kind text NOT NULL,
    homepage_url text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT issuers_pkey PRIMARY KEY (id),
    CONSTRAINT issuers_display_name_key UNIQUE (display_name),
    CONSTRAINT issuers_display_name_check CHECK (char_length(display_name) BETWEEN 1 AND 200),
    CONSTRAINT issuers_issuer_kind_check
        CHECK (issuer_kind IN ('vendor', 'distributor', 'coordinator', 'researcher', 'operator'))
);

COMMENT ON TABLE vex.issuers IS
    'Parties that publish VEX statements. Seed S002 adds the ones that are always there.';

CREATE TABLE vex.documents (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    issuer_id bigint NOT NULL,
    document_uri text NOT NULL,
    document_format text NOT NULL,
    content_hash bytea NOT NULL,
    storage_key text NOT NULL,
    size_bytes bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT documents_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT documents_content_hash_key UNIQUE (tenant_id, content_hash),
    CONSTRAINT documents_document_format_check CHECK (document_format IN ('openvex', 'csaf', 'cyclonedx')),
    CONSTRAINT documents_content_hash_check CHECK (octet_length(content_hash) = 32),
    CONSTRAINT documents_size_bytes_check CHECK (size_bytes > 0),
    CONSTRAINT documents_issuer_fkey FOREIGN KEY (issuer_id) REFERENCES vex.issuers (id)
);

COMMENT ON TABLE vex.documents IS 'VEX documents that a tenant has imported or written.';
COMMENT ON COLUMN vex.documents.content_hash IS
    'SHA-256 of the document; importing the same bytes twice gives one row.';
COMMENT ON COLUMN vex.documents.storage_key IS 'Key of the document in object storage.';

CREATE INDEX documents_issuer_idx
    ON vex.documents (issuer_id);

ALTER TABLE vex.documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE vex.documents FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON vex.documents
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
