CREATE TABLE notify.rows (id bigint PRIMARY KEY);
CREATE VIEW notify.seen WITH (security_invoker = true) AS SELECT id FROM auth.rows;
