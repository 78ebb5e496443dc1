-- Who waits for a row waits for a transaction, and keeps the row's place in the queue as a lock of the table.
SELECT 'lock-waits', NULL::text, count(DISTINCT waiting.pid)::numeric, NULL::numeric, NULL::numeric,
       min(held.relation::regclass::text)
FROM locks waiting JOIN locks held ON held.pid = waiting.pid AND (held.locktype = 'tuple' OR NOT held.granted)
JOIN walked ON walked.relation = held.relation
WHERE NOT waiting.granted AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
