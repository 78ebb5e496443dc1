-- onward: batch 1000 by id
-- Fills purl_base (005) in the rows that were imported before the column existed.
-- A package URL separates namespace and name with '/', where Maven writes ':', and
-- writes the '@' of an npm scope as %40.

UPDATE vuln.affected_packages
SET purl_base = 'pkg:' || ecosystem || '/' || replace(replace(package_name, ':', '/'), '@', '%40')
WHERE purl_base IS NULL;
