CREATE TABLE applied_long_ago.notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text
);
