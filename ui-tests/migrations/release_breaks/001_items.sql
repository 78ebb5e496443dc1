CREATE TABLE release_breaks.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note text
);
