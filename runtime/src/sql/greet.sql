-- The first message on a connection of our own. A small timeout of the role counts for the next statement no more. This is
-- SQL without PL/pgSQL, which a new session would have to load first.
SELECT pg_catalog.set_config('statement_timeout', '0', false)
WHERE pg_catalog.current_setting('onward.session', true) OPERATOR(pg_catalog.=) {{nonce}}::pg_catalog.text;
-- What the startup packet asked for is there only when
-- there is no pooler in between; behind one nothing may be set.
SELECT pg_catalog.set_config(name, value, false)
FROM (VALUES
  -- The server's own timeouts end the session of a client that is frozen or cut off: the lock is a lease.
  ('idle_session_timeout', {{lease}}), ('tcp_keepalives_idle', '5'), ('tcp_keepalives_interval', '2'),
  ('tcp_keepalives_count', '3'), ('tcp_user_timeout', {{lease}}), ('client_connection_check_interval', '1000'),
  -- For what cannot run in a transaction; an index build waits for old snapshots under lock_timeout.
  ('lock_timeout', '0'), ('transaction_timeout', '0'),
  ('default_transaction_read_only', 'off'), ('row_security', 'off'),
  ('synchronous_commit', CASE
    WHEN pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'::pg_catalog.text THEN 'on'
    ELSE pg_catalog.current_setting('synchronous_commit') END),
  ('search_path', pg_catalog.concat({{path}}, ', pg_temp')), ('role', {{role}})
) AS wanted(name, value)
WHERE pg_catalog.current_setting('onward.session', true) OPERATOR(pg_catalog.=) {{nonce}}::pg_catalog.text
  -- Not every version has every one.
  AND pg_catalog.current_setting(name, true) IS NOT NULL
  -- The server cannot see that a client has gone on every platform, and refuses the setting where it cannot.
  AND CASE WHEN name OPERATOR(pg_catalog.=) 'client_connection_check_interval'::pg_catalog.text
      THEN pg_catalog.version() OPERATOR(pg_catalog.~) 'linux|darwin|bsd'::pg_catalog.text ELSE true END;
SELECT coalesce(pg_catalog.current_setting('onward.session', true) OPERATOR(pg_catalog.=) {{nonce}}::pg_catalog.text, false) AS direct;
