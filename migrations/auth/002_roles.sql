-- What a user may do: the software fixes the permissions, each tenant creates its
-- own roles. Role templates are copied into a tenant when it is created.
-- Only auth.users is an older table here, so this file locks one busy table.

-- Global: a permission is a name that the code checks, the same for every tenant.
CREATE TABLE auth.permissions (
    permission_code text,
    description text NOT NULL,
    CONSTRAINT permissions_pkey PRIMARY KEY (permission_code),
    CONSTRAINT permissions_permission_code_check CHECK (permission_code ~ '^[a-z_]+[.][a-z_]+$')
);

COMMENT ON TABLE auth.permissions IS 'Names that the services check. Filled by seed S001.';
COMMENT ON COLUMN auth.permissions.permission_code IS 'resource.action, for example users.invite';

-- Global: templates ship with the software; a tenant edits its own copy.
CREATE TABLE auth.role_templates (
    template_code text,
    display_name text NOT NULL,
    CONSTRAINT role_templates_pkey PRIMARY KEY (template_code)
);

COMMENT ON TABLE auth.role_templates IS 'Roles that a new tenant starts with. Filled by seed S002.';

CREATE TABLE auth.role_template_permissions (
    template_code text NOT NULL,
    permission_code text NOT NULL,
    CONSTRAINT role_template_permissions_pkey PRIMARY KEY (template_code, permission_code),
    CONSTRAINT role_template_permissions_template_fkey
        FOREIGN KEY (template_code) REFERENCES auth.role_templates (template_code) ON DELETE CASCADE,
    CONSTRAINT role_template_permissions_permission_fkey
        FOREIGN KEY (permission_code) REFERENCES auth.permissions (permission_code)
);

COMMENT ON TABLE auth.role_template_permissions IS 'Global like both of its parents.';

CREATE INDEX role_template_permissions_permission_idx
    ON auth.role_template_permissions (permission_code);

CREATE TABLE auth.roles (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid(),
    display_name text NOT NULL,
    copied_from text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT roles_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT roles_display_name_key UNIQUE (tenant_id, display_name),
    CONSTRAINT roles_display_name_check CHECK (char_length(display_name) BETWEEN 1 AND 80)
);

COMMENT ON TABLE auth.roles IS 'Roles of one tenant.';
COMMENT ON COLUMN auth.roles.copied_from IS
    'Template code at the time of the copy; for information only, so no foreign key.';

CREATE TRIGGER touch_updated_at
    BEFORE UPDATE ON auth.roles
    FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

ALTER TABLE auth.roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.roles FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON auth.roles
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

CREATE TABLE auth.role_permissions (
    tenant_id uuid NOT NULL,
    role_id uuid NOT NULL,
    permission_code text NOT NULL,
    CONSTRAINT role_permissions_pkey PRIMARY KEY (tenant_id, role_id, permission_code),
    CONSTRAINT role_permissions_role_fkey
        FOREIGN KEY (tenant_id, role_id) REFERENCES auth.roles (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT role_permissions_permission_fkey
        FOREIGN KEY (permission_code) REFERENCES auth.permissions (permission_code)
);

COMMENT ON TABLE auth.role_permissions IS
    'Permissions of a role. The foreign key carries tenant_id, so a role of another tenant cannot be named.';

CREATE INDEX role_permissions_permission_idx
    ON auth.role_permissions (permission_code);

ALTER TABLE auth.role_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.role_permissions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON auth.role_permissions
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);

CREATE TABLE auth.user_roles (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_id uuid NOT NULL,
    granted_by uuid,
    granted_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_roles_pkey PRIMARY KEY (tenant_id, user_id, role_id),
    CONSTRAINT user_roles_user_fkey
        FOREIGN KEY (tenant_id, user_id) REFERENCES auth.users (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT user_roles_role_fkey
        FOREIGN KEY (tenant_id, role_id) REFERENCES auth.roles (tenant_id, id)
);

COMMENT ON TABLE auth.user_roles IS 'Roles that a user holds.';
COMMENT ON COLUMN auth.user_roles.granted_by IS
    'User who gave the role; NULL when the system did. Outlives that user, so no foreign key.';

CREATE INDEX user_roles_role_idx
    ON auth.user_roles (tenant_id, role_id);

ALTER TABLE auth.user_roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE auth.user_roles FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation ON auth.user_roles
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::uuid);
