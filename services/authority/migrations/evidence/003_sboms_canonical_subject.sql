-- The subject in the one spelling that package URLs have, so that two SBOMs of one package are found together. The service
-- computes it in Rust, for new rows as for old ones (DM001).
ALTER TABLE evidence.sboms ADD COLUMN canonical_subject text;
