-- The first message on a connection of our own. A small timeout of the role counts for the next statement no more.
DO $onward$
BEGIN
  IF pg_catalog.current_setting('onward.session', true) OPERATOR(pg_catalog.=) {{nonce}}::pg_catalog.text THEN
    PERFORM pg_catalog.set_config('statement_timeout', '0', false);
  END IF;
END
$onward$;
-- What the startup packet asked for is there only when
-- there is no pooler in between; behind one nothing may be set.
DO $onward$
DECLARE
  -- The server's own timeouts end the session of a client that is frozen or cut off: the lock is a lease.
  wanted text[] := ARRAY[
    ['idle_session_timeout', {{lease}}], ['tcp_keepalives_idle', '5'], ['tcp_keepalives_interval', '2'],
    ['tcp_keepalives_count', '3'], ['tcp_user_timeout', {{lease}}], ['client_connection_check_interval', '1000'],
    -- For what cannot run in a transaction; an index build waits for old snapshots under lock_timeout.
    ['lock_timeout', '0'], ['statement_timeout', '0'], ['transaction_timeout', '0'],
    ['default_transaction_read_only', 'off'], ['row_security', 'off'], ['search_path', {{path}} || ', pg_temp']];
  one text[];
BEGIN
  IF pg_catalog.current_setting('onward.session', true) OPERATOR(pg_catalog.=) {{nonce}}::pg_catalog.text THEN
    FOREACH one SLICE 1 IN ARRAY wanted LOOP
      BEGIN
        PERFORM pg_catalog.set_config(one[1], one[2], false);
      EXCEPTION WHEN undefined_object OR invalid_parameter_value OR feature_not_supported THEN
        NULL; -- Not on this platform, or not in this version.
      END;
    END LOOP;
    PERFORM pg_catalog.set_config('role', {{role}}, false);
    IF pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'::pg_catalog.text THEN
      PERFORM pg_catalog.set_config('synchronous_commit', 'on', false);
    END IF;
  END IF;
END
$onward$;
SELECT coalesce(pg_catalog.current_setting('onward.session', true) OPERATOR(pg_catalog.=) {{nonce}}::pg_catalog.text, false) AS direct;
