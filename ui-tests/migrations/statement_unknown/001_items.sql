CREATE TABEL statement_unknown.items (id int);

CREATE TABLE statement_unknown.others (
    id bigint PRIMARY KEY,
    title text,
);
