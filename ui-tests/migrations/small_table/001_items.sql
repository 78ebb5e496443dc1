CREATE TABLE small_table.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    note text
);
