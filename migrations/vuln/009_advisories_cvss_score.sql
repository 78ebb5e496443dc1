-- The score beside the vector, so that lists can sort by it. The column and its check
-- are created together: no existing row has a value, and no old instance writes one.

ALTER TABLE vuln.advisories
    ADD COLUMN cvss_score numeric(3, 1);
ALTER TABLE vuln.advisories
    ADD CONSTRAINT advisories_cvss_score_check
        CHECK (cvss_score BETWEEN 0 AND 10) NOT VALID;

COMMENT ON COLUMN vuln.advisories.cvss_score IS
    'Base score of cvss_vector; NULL when the feed gives none.';
