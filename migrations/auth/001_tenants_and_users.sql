-- Tenants and the people who belong to them.
-- Both tables stand in one file, because every user belongs to a tenant.
-- Tenants are never deleted, only closed: other tables and other modules may
-- keep a tenant_id without asking whether it still exists.

CREATE FUNCTION auth.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Global: one row is one tenant. A session reads the row before it knows its tenant.
CREATE TABLE auth.tenants (
    id uuid DEFAULT gen_random_uuid(),
    slug text NOT NULL,
    display_name text NOT NULL,
    state text NOT NULL DEFAULT 'active',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tenants_pkey PRIMARY KEY (id),
    CONSTRAINT tenants_slug_key UNIQUE (slug),
    CONSTRAINT tenants_slug_check CHECK (slug ~ '^[a-z][a-z0-9-]{1,38}[a-z0-9]$'),
    CONSTRAINT tenants_display_name_check CHECK (char_length(display_name) BETWEEN 1 AND 120),
    CONSTRAINT tenants_state_check CHECK (state IN ('active', 'suspended', 'closed'))
);

COMMENT ON TABLE auth.tenants IS 'Organisations that use the control plane. Closed, never deleted.';
COMMENT ON COLUMN auth.tenants.slug IS 'Short name in URLs; lower case, fixed after creation.';

CREATE TRIGGER touch_updated_at
    BEFORE UPDATE ON auth.tenants
    FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

CREATE TABLE auth.users (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    email text NOT NULL,
    display_name text NOT NULL,
    phone_number text,
    state text NOT NULL DEFAULT 'invited',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT users_email_key UNIQUE (tenant_id, email),
    CONSTRAINT users_email_check
        CHECK (email = lower(email) AND email LIKE '%_@_%' AND char_length(email) <= 320),
    CONSTRAINT users_display_name_check CHECK (char_length(display_name) BETWEEN 1 AND 120),
    CONSTRAINT users_state_check CHECK (state IN ('invited', 'active', 'locked', 'left')),
    CONSTRAINT users_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES auth.tenants (id)
);

COMMENT ON TABLE auth.users IS 'People of one tenant. A person in two tenants has two rows.';
COMMENT ON COLUMN auth.users.email IS 'Stored in lower case; unique inside the tenant.';

CREATE TRIGGER touch_updated_at
    BEFORE UPDATE ON auth.users
    FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.users FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON auth.users
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
