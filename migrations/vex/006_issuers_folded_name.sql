-- Importers spell an issuer in many ways. The folded name is what they look up. New
-- issuers come with it; DM001 fills it for those that are there already.

ALTER TABLE vex.issuers
    ADD COLUMN folded_name text;

COMMENT ON COLUMN vex.issuers.folded_name IS
    'display_name in lower case, with single spaces and no punctuation.';
