-- A number that grows with every new holder. Storage refuses a write that carries an
-- older number, so a worker that was asleep when its lease ended does no harm.
-- NULL at first, because the running release takes leases without one;
-- release files 100 to 102 make it required.

ALTER TABLE scheduler.leases
    ADD COLUMN fencing_token bigint;

COMMENT ON COLUMN scheduler.leases.fencing_token IS
    'Grows with every holder of the lease; handed to storage with each write.';
