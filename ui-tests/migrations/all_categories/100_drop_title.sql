-- onward: breaks editors of titles before 1.2
-- onward: requires DM001
ALTER TABLE all_categories.items DROP COLUMN title;
