-- onward: external auth.logins
CREATE VIEW vuln.late WITH (security_invoker = true) AS SELECT id FROM auth.logins;
