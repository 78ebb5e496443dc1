CREATE TABLE wide.rows (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    a integer NOT NULL,
    b integer,
    name text NOT NULL,
    seen bigint NOT NULL DEFAULT 0
);
