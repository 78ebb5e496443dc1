-- onward: batch 10000 by id
UPDATE wide.rows SET b = a * 2 WHERE b IS NULL;
