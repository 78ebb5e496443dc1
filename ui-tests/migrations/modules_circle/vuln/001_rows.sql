CREATE TABLE vuln.rows (id bigint PRIMARY KEY);
CREATE VIEW vuln.seen WITH (security_invoker = true) AS SELECT id FROM auth.rows;
