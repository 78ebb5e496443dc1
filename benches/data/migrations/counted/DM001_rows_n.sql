-- onward: batch 100 by id
-- onward: allow data-not-idempotent because "counts up, so that a range that runs twice shows"
UPDATE counted.rows SET n = n + 1 WHERE n >= 0;
