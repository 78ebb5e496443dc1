-- Issuers that the platform itself refers to. Others appear with their first document.
-- DO NOTHING: an operator may have corrected these rows, and the seed must not undo it.

INSERT INTO vex.issuers (display_name, folded_name, issuer_kind, homepage_url)
VALUES
    ('This installation', 'this installation', 'operator', NULL),
    ('CISA', 'cisa', 'coordinator', 'https://www.cisa.gov'),
    ('Debian Security Team', 'debian security team', 'distributor', 'https://www.debian.org/security')
ON CONFLICT (display_name) DO NOTHING;
