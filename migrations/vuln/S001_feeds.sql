-- The feeds that the importer knows. precedence has gaps, so that a feed can be put
-- between two others without touching them.

INSERT INTO vuln.feeds (feed_code, display_name, homepage_url, precedence)
VALUES
    ('vendor', 'Vendor bulletins', 'https://example.com/bulletins', 10),
    ('rustsec', 'RustSec Advisory Database', 'https://rustsec.org', 20),
    ('ghsa', 'GitHub Advisory Database', 'https://github.com/advisories', 30),
    ('osv', 'OSV', 'https://osv.dev', 40),
    ('nvd', 'National Vulnerability Database', 'https://nvd.nist.gov', 50)
ON CONFLICT (feed_code) DO UPDATE
SET
    display_name = EXCLUDED.display_name,
    homepage_url = EXCLUDED.homepage_url,
    precedence = EXCLUDED.precedence
WHERE (feeds.display_name, feeds.homepage_url, feeds.precedence)
    IS DISTINCT FROM (EXCLUDED.display_name, EXCLUDED.homepage_url, EXCLUDED.precedence);
