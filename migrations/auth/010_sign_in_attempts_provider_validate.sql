-- Checks the existing rows under a lock that lets reads and writes through.
-- Both tables are global, so the check sees every row. Where the referencing table
-- has FORCE ROW LEVEL SECURITY, an owner without BYPASSRLS would check only the rows
-- that the policy shows, and a check of no rows would count as valid.

ALTER TABLE auth.sign_in_attempts
    VALIDATE CONSTRAINT sign_in_attempts_provider_fkey;
