-- Policy packs and their versions. A published version never changes: an evaluation
-- names the version that it used, and must be explainable years later.

CREATE FUNCTION policy.refuse_published_change() RETURNS trigger
LANGUAGE plpgsql
VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.published_at IS NOT NULL
        AND (NEW.pack_id, NEW.version_number, NEW.source_hash, NEW.storage_key, NEW.published_at)
            IS DISTINCT FROM
            (OLD.pack_id, OLD.version_number, OLD.source_hash, OLD.storage_key, OLD.published_at)
    THEN
        RAISE EXCEPTION 'version % of this policy pack is published and cannot change', OLD.version_number
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Publish a new version.';
    END IF;
    RETURN NEW;
END
$$;

CREATE TABLE policy.packs (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    slug text NOT NULL,
    display_name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    CONSTRAINT packs_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT packs_slug_key UNIQUE (tenant_id, slug),
    CONSTRAINT packs_slug_check CHECK (slug ~ '^[a-z][a-z0-9-]{1,60}$')
);

COMMENT ON TABLE policy.packs IS 'A named set of rules of one tenant.';

ALTER TABLE policy.packs ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.packs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON policy.packs
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

CREATE TABLE policy.pack_versions (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    pack_id uuid NOT NULL,
    version_number integer NOT NULL,
    source_hash bytea NOT NULL,
    storage_key text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    CONSTRAINT pack_versions_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT pack_versions_version_number_key UNIQUE (tenant_id, pack_id, version_number),
    CONSTRAINT pack_versions_version_number_check CHECK (version_number >= 1),
    CONSTRAINT pack_versions_source_hash_check CHECK (octet_length(source_hash) = 32),
    CONSTRAINT pack_versions_pack_fkey
        FOREIGN KEY (tenant_id, pack_id) REFERENCES policy.packs (tenant_id, id)
);

COMMENT ON TABLE policy.pack_versions IS
    'Versions of a pack; the rules themselves lie in object storage.';
COMMENT ON COLUMN policy.pack_versions.source_hash IS 'SHA-256 of the rules as stored.';
COMMENT ON COLUMN policy.pack_versions.created_by IS
    'User in the auth module; another schema, so no foreign key.';
COMMENT ON COLUMN policy.pack_versions.published_at IS
    'NULL while it is a draft. Once set, the version is fixed.';

CREATE TRIGGER refuse_published_change
    BEFORE UPDATE ON policy.pack_versions
    FOR EACH ROW EXECUTE FUNCTION policy.refuse_published_change();

ALTER TABLE policy.pack_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.pack_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON policy.pack_versions
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

-- Text that the editor saves between two versions.
CREATE TABLE policy.pack_drafts (
    tenant_id uuid NOT NULL,
    pack_id uuid NOT NULL,
    draft text NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pack_drafts_pkey PRIMARY KEY (tenant_id, pack_id),
    CONSTRAINT pack_drafts_draft_check CHECK (char_length(draft) <= 200000),
    CONSTRAINT pack_drafts_pack_fkey
        FOREIGN KEY (tenant_id, pack_id) REFERENCES policy.packs (tenant_id, id) ON DELETE CASCADE
);

COMMENT ON TABLE policy.pack_drafts IS 'What the editor saved last, one row per pack.';

ALTER TABLE policy.pack_drafts ENABLE ROW LEVEL SECURITY;
ALTER TABLE policy.pack_drafts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON policy.pack_drafts
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
