CREATE TABLE auth.rows (id bigint PRIMARY KEY);
CREATE VIEW auth.seen WITH (security_invoker = true) AS SELECT id FROM vex.rows;
