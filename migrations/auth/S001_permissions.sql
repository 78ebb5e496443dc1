-- The permissions that the services check. To add a permission, add a line here. When a
-- line is removed here, its row stays in the table, because roles may hold it.

INSERT INTO auth.permissions (permission_code, description)
VALUES
    ('advisories.read', 'See advisories and affected packages'),
    ('audit.read', 'Read and export the audit log'),
    ('findings.read', 'See the findings of the tenant'),
    ('findings.triage', 'Acknowledge, suppress and reopen findings'),
    ('jobs.manage', 'Create, change and delete jobs and triggers'),
    ('jobs.run', 'Start a job by hand and cancel a run'),
    ('notifications.manage', 'Change channels and notification rules'),
    ('policies.assign', 'Assign policy packs to a scope'),
    ('policies.manage', 'Create and publish policy packs'),
    ('roles.manage', 'Create roles and change what they permit'),
    ('statements.publish', 'Import and publish VEX statements'),
    ('tokens.manage', 'Create and revoke API tokens of other users'),
    ('users.invite', 'Invite people into the tenant'),
    ('users.manage', 'Lock, unlock and remove users')
ON CONFLICT (permission_code) DO UPDATE
SET description = EXCLUDED.description
WHERE permissions.description IS DISTINCT FROM EXCLUDED.description;
