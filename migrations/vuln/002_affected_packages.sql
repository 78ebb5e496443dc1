-- Which versions of which packages an advisory is about, one row per range.
-- Global, like the advisories.

CREATE TABLE vuln.affected_packages (
    id bigint GENERATED ALWAYS AS IDENTITY,
    advisory_id bigint NOT NULL,
    ecosystem text NOT NULL,
    package_name text NOT NULL,
    introduced_in text NOT NULL DEFAULT '0',
    fixed_in text,
    last_affected text,
    CONSTRAINT affected_packages_pkey PRIMARY KEY (id),
    CONSTRAINT affected_packages_ecosystem_check
        CHECK (ecosystem IN ('cargo', 'deb', 'golang', 'maven', 'npm', 'nuget', 'pypi')),
    CONSTRAINT affected_packages_package_name_check CHECK (char_length(package_name) BETWEEN 1 AND 300),
    CONSTRAINT affected_packages_range_check CHECK (fixed_in IS NULL OR last_affected IS NULL),
    CONSTRAINT affected_packages_advisory_fkey
        FOREIGN KEY (advisory_id) REFERENCES vuln.advisories (id) ON DELETE CASCADE
);

COMMENT ON TABLE vuln.affected_packages IS
    'Affected version ranges. Versions are text: each ecosystem has its own order, and the matcher knows it.';
COMMENT ON COLUMN vuln.affected_packages.introduced_in IS
    'First affected version; ''0'' means from the beginning.';
COMMENT ON COLUMN vuln.affected_packages.fixed_in IS 'First version that is not affected any more.';
COMMENT ON COLUMN vuln.affected_packages.last_affected IS
    'Given instead of fixed_in when no fix is known.';

CREATE INDEX affected_packages_advisory_idx
    ON vuln.affected_packages (advisory_id);

CREATE INDEX affected_packages_package_idx
    ON vuln.affected_packages (ecosystem, package_name);
