-- onward: breaks profile pages that show a phone number, before 2.3
-- We collected phone numbers and never used them.
-- Safe now: the profile page no longer shows or writes the column, and no statement
-- of the running release names it. Dropping a column rewrites nothing; the strong
-- lock is held only for the change in the catalog.

ALTER TABLE auth.users
    DROP COLUMN phone_number;
