-- Opens every write. What a role or a database may have set as a default is pinned here: with
-- repeatable read the ledger would be read as it was before the lock was taken.
SET LOCAL TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE;
{{role}}SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL standard_conforming_strings = on;
-- A policy must not hide rows from a migration without a word: VALIDATE CONSTRAINT of a foreign key,
-- run by an owner under FORCE ROW LEVEL SECURITY, checks the visible rows only and marks the
-- constraint as valid (measured on 15 and 18). With this it is an error instead.
SET LOCAL row_security = off;
SET LOCAL lock_timeout = {{lock_timeout}};
SET LOCAL statement_timeout = {{statement_timeout}};
SET LOCAL idle_in_transaction_session_timeout = '10s';
