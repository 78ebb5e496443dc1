-- The roles that a new tenant starts with. Existing tenants keep their copies: a seed
-- never changes their rows.

INSERT INTO auth.role_templates (template_code, display_name)
VALUES
    ('owner', 'Owner'),
    ('analyst', 'Security analyst'),
    ('auditor', 'Auditor'),
    ('automation', 'Automation')
ON CONFLICT (template_code) DO UPDATE
SET display_name = EXCLUDED.display_name
WHERE role_templates.display_name IS DISTINCT FROM EXCLUDED.display_name;

-- An owner may do everything that S001 names.
INSERT INTO auth.role_template_permissions (template_code, permission_code)
SELECT 'owner', permissions.permission_code
FROM auth.permissions
ON CONFLICT (template_code, permission_code) DO NOTHING;

INSERT INTO auth.role_template_permissions (template_code, permission_code)
VALUES
    ('analyst', 'advisories.read'),
    ('analyst', 'findings.read'),
    ('analyst', 'findings.triage'),
    ('analyst', 'statements.publish'),
    ('auditor', 'advisories.read'),
    ('auditor', 'audit.read'),
    ('auditor', 'findings.read'),
    ('automation', 'advisories.read'),
    ('automation', 'findings.read'),
    ('automation', 'jobs.run')
ON CONFLICT (template_code, permission_code) DO NOTHING;
