CREATE TABLE auth.people (id uuid PRIMARY KEY);
