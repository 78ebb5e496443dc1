CREATE TABLE folder_inside.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text,
    state text NOT NULL
);
