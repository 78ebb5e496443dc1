-- The actions that the services of the control plane log.

INSERT INTO audit.actions (action_code, description, retention_class)
VALUES
    ('finding.suppressed', 'A finding was suppressed', 'standard'),
    ('job.changed', 'A job or one of its triggers was changed', 'standard'),
    ('pack.published', 'A version of a policy pack was published', 'legal'),
    ('policy.assigned', 'A policy pack was assigned to a scope', 'legal'),
    ('role.granted', 'A user was given a role', 'legal'),
    ('role.revoked', 'A role was taken from a user', 'legal'),
    ('session.started', 'A user signed in', 'short'),
    ('statement.imported', 'A VEX document was imported', 'standard'),
    ('token.created', 'An API token was created', 'legal'),
    ('token.revoked', 'An API token was revoked', 'legal')
ON CONFLICT (action_code) DO UPDATE
SET
    description = EXCLUDED.description,
    retention_class = EXCLUDED.retention_class
WHERE (actions.description, actions.retention_class)
    IS DISTINCT FROM (EXCLUDED.description, EXCLUDED.retention_class);
