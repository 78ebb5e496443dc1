-- The valid check of 101 proves that no row is NULL, so SET NOT NULL does not scan the table.
-- Two statements on purpose: in one ALTER TABLE the check would be dropped first, and
-- the proof with it.

ALTER TABLE scheduler.leases
    ALTER COLUMN fencing_token SET NOT NULL;

ALTER TABLE scheduler.leases
    DROP CONSTRAINT leases_fencing_token_check;
