SET search_path = public;
CREATE TABLE session_state.items (id bigint PRIMARY KEY);
SELECT pg_advisory_lock(7);
