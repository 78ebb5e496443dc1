CREATE TABLE auth.teams (id bigint PRIMARY KEY);
