-- One row per advisory, package and start of a range. The importer has always
-- replaced rows by these four columns, but no constraint stopped a second importer.
-- The index is built first, without blocking; 008 makes it a constraint.

-- onward: allow new-write-restriction because "the importer replaces rows by these four columns"
CREATE UNIQUE INDEX CONCURRENTLY affected_packages_range_key
    ON vuln.affected_packages (advisory_id, ecosystem, package_name, introduced_in);
