-- Turns the finished index of 007 into a constraint, so that it has a name in error
-- messages and in ON CONFLICT. No scan: the index is the proof.

ALTER TABLE vuln.affected_packages
    ADD CONSTRAINT affected_packages_range_key
    UNIQUE USING INDEX affected_packages_range_key;
