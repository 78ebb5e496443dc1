-- The message is one transaction from its first statement on, and the server itself rolls it back when a
-- statement fails: no failed transaction is left open, which poolers do not forgive. BEGIN makes it one that
-- COMMIT may end.
BEGIN;
COMMIT;
