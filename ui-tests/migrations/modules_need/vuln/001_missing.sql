-- onward: external auth.usres
CREATE VIEW vuln.missing WITH (security_invoker = true) AS SELECT id FROM auth.usres;
