-- onward: alow drop-table because "a typing error"
-- onward: transaction off
-- onward: batch 1000 by id
-- onward: requires DM001
ALTER TABLE directives.items ADD COLUMN note text;
