-- Opens every write. What a role or a database may have set as a default is pinned here: with
-- repeatable read the ledger would be read as it was before the lock was taken, and with
-- synchronous_commit off an acknowledged migration does not survive a crash of the server.
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
{{role}}SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL standard_conforming_strings = on;
-- A policy must not hide rows from a migration without a word: VALIDATE CONSTRAINT of a foreign key,
-- run by an owner under FORCE ROW LEVEL SECURITY, checks the visible rows only and marks the
-- constraint as valid (measured on 15 and 18). With this it is an error instead.
SET LOCAL row_security = off;
SET LOCAL lock_timeout = {{lock_timeout}};
SET LOCAL statement_timeout = {{statement_timeout}};
SET LOCAL idle_in_transaction_session_timeout = '10s';
SELECT set_config('transaction_timeout', '0', true) WHERE current_setting('transaction_timeout', true) <> '0';
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
DO $onward$
BEGIN
  IF pg_is_in_recovery() THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW05', MESSAGE = 'the server is a standby';
  END IF;
  -- Both keys belong to the transaction: whatever ends it frees them.
  IF NOT pg_try_advisory_xact_lock({{high}}::int4, {{low}}::int4)
     OR NOT pg_try_advisory_xact_lock(hashtext({{name}})::int8) THEN
    RAISE EXCEPTION USING ERRCODE = 'ONW01', MESSAGE = 'another session holds the migration lock';
  END IF;
END
$onward$;
