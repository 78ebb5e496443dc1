-- onward: external auth.teams since 001
CREATE VIEW vuln.since WITH (security_invoker = true) AS SELECT id FROM auth.teams;
