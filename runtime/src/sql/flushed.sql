-- An acknowledged migration survives a crash of the server, whatever a default or the body have set. What
-- is stricter than `on` stays.
SELECT pg_catalog.set_config('synchronous_commit', 'on', true)
WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'::pg_catalog.text;
