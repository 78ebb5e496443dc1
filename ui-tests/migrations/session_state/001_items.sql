SET search_path = public;
CREATE TABLE session_state.items (id int PRIMARY KEY);
SELECT pg_advisory_lock(7);
