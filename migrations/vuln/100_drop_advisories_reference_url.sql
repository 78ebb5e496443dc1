-- onward: breaks importers that know one link only, before 2.1
-- Replaced by vuln.advisory_references (004).
-- Safe now: a full import has written the new table for every advisory, and neither
-- the importer nor the API of the running release names the column.

ALTER TABLE vuln.advisories
    DROP COLUMN reference_url;
