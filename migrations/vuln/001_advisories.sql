-- Advisories as the public feeds publish them, and where they come from.
-- Global, all three tables: a public advisory is the same for every tenant. What it
-- means for a tenant's own components is in vuln.findings (003).

CREATE TABLE vuln.feeds (
    feed_code text,
    display_name text NOT NULL,
    homepage_url text NOT NULL,
    precedence smallint NOT NULL,
    CONSTRAINT feeds_pkey PRIMARY KEY (feed_code),
    CONSTRAINT feeds_feed_code_check CHECK (feed_code ~ '^[a-z][a-z0-9_]{1,30}$'),
    CONSTRAINT feeds_homepage_url_check CHECK (homepage_url LIKE 'https://%')
);

COMMENT ON TABLE vuln.feeds IS 'Sources of advisories. Filled by seed S001.';
COMMENT ON COLUMN vuln.feeds.precedence IS
    'When feeds disagree about one vulnerability, the lowest number wins.';

CREATE TABLE vuln.advisories (
    id bigint GENERATED ALWAYS AS IDENTITY,
    feed_code text NOT NULL,
    external_id text NOT NULL,
    summary text NOT NULL,
    severity text NOT NULL DEFAULT 'unknown',
    cvss_vector text,
    reference_url text,
    published_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    imported_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT advisories_pkey PRIMARY KEY (id),
    CONSTRAINT advisories_external_id_key UNIQUE (feed_code, external_id),
    CONSTRAINT advisories_summary_check CHECK (char_length(summary) BETWEEN 1 AND 1000),
    CONSTRAINT advisories_severity_check
        CHECK (severity IN ('unknown', 'low', 'medium', 'high', 'critical')),
    CONSTRAINT advisories_modified_at_check CHECK (modified_at >= published_at),
    CONSTRAINT advisories_feed_fkey FOREIGN KEY (feed_code) REFERENCES vuln.feeds (feed_code)
);

COMMENT ON TABLE vuln.advisories IS
    'One advisory of one feed. The same vulnerability in two feeds is two rows that share an alias.';
COMMENT ON COLUMN vuln.advisories.external_id IS
    'Identifier inside the feed, as the feed spells it.';
COMMENT ON COLUMN vuln.advisories.withdrawn_at IS
    'Set when the feed takes the advisory back; the row stays for the findings that name it.';

-- The importer asks a feed for everything after the newest change that it has.
CREATE INDEX advisories_modified_idx
    ON vuln.advisories (feed_code, modified_at DESC);

CREATE TABLE vuln.advisory_aliases (
    advisory_id bigint NOT NULL,
    alias text NOT NULL,
    CONSTRAINT advisory_aliases_pkey PRIMARY KEY (advisory_id, alias),
    CONSTRAINT advisory_aliases_alias_check CHECK (alias = upper(alias)),
    CONSTRAINT advisory_aliases_advisory_fkey
        FOREIGN KEY (advisory_id) REFERENCES vuln.advisories (id) ON DELETE CASCADE
);

COMMENT ON TABLE vuln.advisory_aliases IS
    'Other names of the same vulnerability, usually a CVE number, in upper case.';

CREATE INDEX advisory_aliases_alias_idx
    ON vuln.advisory_aliases (alias);
