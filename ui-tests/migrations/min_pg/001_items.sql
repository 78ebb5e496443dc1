CREATE TABLE min_pg.items (
    id bigint PRIMARY KEY,
    price numeric NOT NULL,
    doubled numeric GENERATED ALWAYS AS (price * 2) VIRTUAL
);
