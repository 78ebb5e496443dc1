-- onward: external auth.users (id bigint, nick text, email varchar(20), phone text)
CREATE VIEW vuln.columns WITH (security_invoker = true) AS SELECT id, nick, email, phone FROM auth.users;
