-- NOT VALID takes its lock for a moment only and reads no rows: it applies to new rows
-- from now on. The next file checks the existing rows.

-- onward: allow new-write-restriction because "only this release writes provider_id, from rows that it has read"
ALTER TABLE auth.sign_in_attempts
    ADD CONSTRAINT sign_in_attempts_provider_fkey
    FOREIGN KEY (provider_id) REFERENCES auth.identity_providers (id)
    NOT VALID;
