CREATE TABLE release_says_what_it_breaks.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note text
);
