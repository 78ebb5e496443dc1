-- onward: requires DM001
ALTER TABLE all_categories.items DROP COLUMN title;
