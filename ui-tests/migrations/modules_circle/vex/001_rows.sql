CREATE TABLE vex.rows (id bigint PRIMARY KEY);
CREATE VIEW vex.seen WITH (security_invoker = true) AS SELECT id FROM vuln.rows;
