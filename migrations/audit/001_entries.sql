-- The audit log: rows are added, never changed and never removed. A trigger refuses both
-- even for the owner, who would have to disable the trigger first. Each tenant has its own
-- chain: an entry carries the hash of the one before, so that such a change shows (002).
-- Not partitioned: the use of partitions is to drop them, and no entry may be dropped.

-- Global: an action is a name that the services use, the same for every tenant.
CREATE TABLE audit.actions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    action_code text NOT NULL,
    description text NOT NULL,
    CONSTRAINT actions_pkey PRIMARY KEY (id),
    CONSTRAINT actions_action_code_key UNIQUE (action_code),
    CONSTRAINT actions_action_code_check CHECK (action_code ~ '^[a-z_]+[.][a-z_]+$')
);

COMMENT ON TABLE audit.actions IS
    'What can be logged. Seed S001 brings the known ones; a service may register others.';

-- The end of each tenant's chain. Its row lock puts the writers of one tenant in order.
CREATE TABLE audit.chain_heads (
    tenant_id uuid NOT NULL,
    entry_number bigint NOT NULL,
    entry_hash bytea NOT NULL,
    CONSTRAINT chain_heads_pkey PRIMARY KEY (tenant_id),
    CONSTRAINT chain_heads_entry_hash_check CHECK (octet_length(entry_hash) = 32)
);

COMMENT ON TABLE audit.chain_heads IS
    'Last entry per tenant. Written by audit.append_entry only: grant no role more than SELECT.';

ALTER TABLE audit.chain_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.chain_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit.chain_heads
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

CREATE TABLE audit.entries (
    tenant_id uuid NOT NULL,
    entry_number bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    action_code text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid,
    details jsonb NOT NULL DEFAULT '{}',
    previous_hash bytea NOT NULL,
    entry_hash bytea NOT NULL,
    CONSTRAINT entries_pkey PRIMARY KEY (tenant_id, entry_number),
    CONSTRAINT entries_entry_number_check CHECK (entry_number >= 1),
    CONSTRAINT entries_actor_kind_check CHECK (actor_kind IN ('user', 'token', 'worker', 'system')),
    CONSTRAINT entries_actor_id_check CHECK ((actor_kind = 'system') = (actor_id IS NULL)),
    CONSTRAINT entries_details_check
        CHECK (jsonb_typeof(details) = 'object' AND octet_length(details::text) <= 16384),
    CONSTRAINT entries_previous_hash_check CHECK (octet_length(previous_hash) = 32),
    CONSTRAINT entries_entry_hash_check CHECK (octet_length(entry_hash) = 32),
    CONSTRAINT entries_action_fkey FOREIGN KEY (action_code) REFERENCES audit.actions (action_code)
);

COMMENT ON TABLE audit.entries IS
    'Append-only. A trigger sets entry_number, recorded_at and both hashes, whatever the writer gives.';
COMMENT ON COLUMN audit.entries.entry_number IS 'Counts from 1 inside a tenant, without gaps.';
COMMENT ON COLUMN audit.entries.actor_id IS
    'User, token or worker of another module, so no foreign key; NULL for the system itself.';
COMMENT ON COLUMN audit.entries.subject_id IS
    'What was acted on, in another module; no foreign key, and it may be gone.';
COMMENT ON COLUMN audit.entries.previous_hash IS
    'entry_hash of the entry before; 32 zero bytes for the first.';

CREATE INDEX entries_action_idx
    ON audit.entries (action_code);

CREATE INDEX entries_recorded_idx
    ON audit.entries (tenant_id, recorded_at);

ALTER TABLE audit.entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON audit.entries
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

-- The hash of an entry, also for programs that check the chain. The time is hashed as a
-- number of microseconds, because its text form depends on the session's time zone.
CREATE FUNCTION audit.hash_entry(entry audit.entries) RETURNS bytea
LANGUAGE sql
STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT sha256(entry.previous_hash || convert_to(
        jsonb_build_array(
            entry.tenant_id,
            entry.entry_number,
            (extract(epoch FROM entry.recorded_at) * 1000000)::bigint,
            entry.actor_kind,
            entry.actor_id,
            entry.action_code,
            entry.subject_kind,
            entry.subject_id,
            entry.details
        )::text,
        'UTF8'
    ))
$$;

-- SECURITY DEFINER is needed: a service may add entries, but must not be able to write
-- chain_heads itself. The policies still hold, because they are forced on the owner.
-- onward: allow definer-reaches-tenants because "it writes the head of the row's own tenant; its owner is an ordinary role"
CREATE FUNCTION audit.append_entry() RETURNS trigger
LANGUAGE plpgsql
VOLATILE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    head audit.chain_heads;
BEGIN
    INSERT INTO audit.chain_heads (tenant_id, entry_number, entry_hash)
    VALUES (NEW.tenant_id, 0, decode(repeat('00', 32), 'hex'))
    ON CONFLICT (tenant_id) DO NOTHING;

    SELECT * INTO STRICT head
    FROM audit.chain_heads
    WHERE chain_heads.tenant_id = NEW.tenant_id
    FOR UPDATE;

    NEW.entry_number := head.entry_number + 1;
    NEW.recorded_at := clock_timestamp();
    NEW.previous_hash := head.entry_hash;
    NEW.entry_hash := audit.hash_entry(NEW);

    UPDATE audit.chain_heads
    SET entry_number = NEW.entry_number, entry_hash = NEW.entry_hash
    WHERE chain_heads.tenant_id = NEW.tenant_id;

    RETURN NEW;
END
$$;

CREATE FUNCTION audit.refuse_change() RETURNS trigger
LANGUAGE plpgsql
VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% on %.% refused: the audit log is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER append_entry
    BEFORE INSERT ON audit.entries
    FOR EACH ROW EXECUTE FUNCTION audit.append_entry();

-- For each statement, not for each row: a change that matches no row is refused too,
-- and only a statement trigger sees TRUNCATE.
CREATE TRIGGER refuse_change
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

-- How far the old log shipper has read, one row per process.
-- Global: a shipper reads all tenants, one after the other.
CREATE TABLE audit.export_cursors (
    exporter_name text,
    tenant_id_done uuid,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT export_cursors_pkey PRIMARY KEY (exporter_name)
);

COMMENT ON TABLE audit.export_cursors IS 'State of the log shipper.';
