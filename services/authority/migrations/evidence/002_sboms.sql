-- What `onward::artifact::Ref` is in the database: the file itself is in an object store.
CREATE TYPE evidence.artifact AS (object_key text, size bigint, sha256 bytea, media_type text);

CREATE TABLE evidence.sboms (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    subject text NOT NULL,
    sbom evidence.artifact NOT NULL,
    object_key text NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sboms_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT sboms_sbom_check CHECK ((sbom).object_key = object_key AND (sbom).size > 0),
    CONSTRAINT sboms_object_fkey FOREIGN KEY (object_key) REFERENCES evidence.objects (object_key)
);

CREATE UNIQUE INDEX sboms_object_key_key ON evidence.sboms (object_key, tenant_id);

ALTER TABLE evidence.sboms ENABLE ROW LEVEL SECURITY;
ALTER TABLE evidence.sboms FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON evidence.sboms
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
