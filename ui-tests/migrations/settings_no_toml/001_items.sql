CREATE TABLE settings_no_toml.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text,
    state text NOT NULL
);
