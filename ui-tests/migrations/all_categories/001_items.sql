CREATE TABLE all_categories.items (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 1000) PRIMARY KEY,
    title text,
    state text NOT NULL
);
