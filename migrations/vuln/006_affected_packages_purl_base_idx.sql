-- Partial: the matcher looks up a value and never asks for NULL, and while DM001
-- runs most rows are NULL. CONCURRENTLY, because the importer writes all day.

CREATE INDEX CONCURRENTLY affected_packages_purl_base_idx
    ON vuln.affected_packages (purl_base)
    WHERE purl_base IS NOT NULL;
