-- The package URL without a version, so that an advisory and a component can be
-- joined by one column. The importer writes it for new rows, DM001 fills the older
-- ones; until then the matcher falls back to ecosystem and package_name.

ALTER TABLE vuln.affected_packages
    ADD COLUMN purl_base text;

COMMENT ON COLUMN vuln.affected_packages.purl_base IS
    'Package URL without version and qualifiers, for example pkg:cargo/tokio.';
