-- An advisory has many links, not one. The importer writes both this table and
-- advisories.reference_url until release file 100 drops that column.
-- Global, like the advisories.

CREATE TABLE vuln.advisory_references (
    advisory_id bigint NOT NULL,
    url text NOT NULL,
    reference_kind text NOT NULL DEFAULT 'web',
    CONSTRAINT advisory_references_pkey PRIMARY KEY (advisory_id, url),
    CONSTRAINT advisory_references_url_check CHECK (url ~ '^https?://' AND char_length(url) <= 2000),
    CONSTRAINT advisory_references_reference_kind_check
        CHECK (reference_kind IN ('web', 'report', 'fix', 'article')),
    CONSTRAINT advisory_references_advisory_fkey
        FOREIGN KEY (advisory_id) REFERENCES vuln.advisories (id) ON DELETE CASCADE
);

COMMENT ON TABLE vuln.advisory_references IS 'Links of an advisory.';
