-- onward: batch 500 by id
-- Fills folded_name (006). The table is global, so no policy hides rows from this
-- update. A row that has a value is not changed, so a batch may run twice.

UPDATE vex.issuers
SET folded_name = btrim(regexp_replace(lower(display_name), '[^[:alnum:]]+', ' ', 'g'))
WHERE folded_name IS NULL;
