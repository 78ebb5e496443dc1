-- Safe now: a lease lives for a minute, so no row without a token is left a minute after
-- the last old instance. If one is left, this fails, changes nothing, and can be
-- run again. Reads and writes go on meanwhile.

ALTER TABLE scheduler.leases
    VALIDATE CONSTRAINT leases_fencing_token_check;
