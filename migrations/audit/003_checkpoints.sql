-- A checkpoint records the length and the last hash of a chain at some time, and is given to
-- the tenant or to an archive. Compared with it, even a chain that was cut at the end shows.
-- Append-only like the log itself.

CREATE TABLE audit.checkpoints (
    tenant_id uuid NOT NULL,
    entry_number bigint NOT NULL,
    entry_hash bytea NOT NULL,
    storage_key text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT checkpoints_pkey PRIMARY KEY (tenant_id, entry_number),
    CONSTRAINT checkpoints_entry_hash_check CHECK (octet_length(entry_hash) = 32),
    CONSTRAINT checkpoints_storage_key_check CHECK (char_length(storage_key) BETWEEN 1 AND 1000),
    CONSTRAINT checkpoints_entry_fkey
        FOREIGN KEY (tenant_id, entry_number) REFERENCES audit.entries (tenant_id, entry_number)
);

COMMENT ON TABLE audit.checkpoints IS 'Ends of chains that were handed out.';
COMMENT ON COLUMN audit.checkpoints.storage_key IS 'Key of the signed copy in object storage.';

CREATE TRIGGER refuse_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

ALTER TABLE audit.checkpoints ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.checkpoints FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit.checkpoints
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
