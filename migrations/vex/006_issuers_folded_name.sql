-- Importers spell an issuer in many ways. They look it up by the folded name. New issuers
-- are inserted with it; DM001 fills it for existing ones.

ALTER TABLE vex.issuers
    ADD COLUMN folded_name text;

COMMENT ON COLUMN vex.issuers.folded_name IS
    'display_name in lower case, with single spaces and no punctuation.';
