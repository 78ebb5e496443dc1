CREATE TABLE data_with_ddl.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text,
    state text NOT NULL
);
