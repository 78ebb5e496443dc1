\set ON_ERROR_STOP on
CREATE TABLE psql_command.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text,
    state text NOT NULL
);
