-- Not unique: two issuers may fold to the same name, and an operator has to merge them.

CREATE INDEX CONCURRENTLY issuers_folded_name_idx
    ON vex.issuers (folded_name);
