CREATE TABLE concurrently_with_others.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text,
    state text NOT NULL
);
