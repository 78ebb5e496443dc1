-- onward: breaks nothing, but an operator has to watch it
CREATE TABLE auth.logins (id bigint PRIMARY KEY);
ALTER TABLE auth.users ADD COLUMN phone text;
