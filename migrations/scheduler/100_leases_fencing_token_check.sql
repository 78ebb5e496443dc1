-- First of three steps to NOT NULL. Every instance of the running release writes the
-- column, so new rows pass; NOT VALID reads none of the existing rows.

ALTER TABLE scheduler.leases
    ADD CONSTRAINT leases_fencing_token_check
    CHECK (fencing_token IS NOT NULL) NOT VALID;
