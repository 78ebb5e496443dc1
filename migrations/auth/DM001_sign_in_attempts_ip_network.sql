-- onward: batch 1000 by id
-- Fills ip_network (007) in the rows that were written before the column existed.
-- The table is global, so no policy hides rows from this update. A row that has a
-- value is not changed, so a batch may run twice.

UPDATE auth.sign_in_attempts
SET ip_network = network(set_masklen(ip_address, CASE family(ip_address) WHEN 4 THEN 24 ELSE 56 END))
WHERE ip_network IS NULL;
