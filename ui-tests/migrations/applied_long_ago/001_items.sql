CREATE TABLE applied_long_ago.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note text
);
