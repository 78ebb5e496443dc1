CREATE TABLE startup_locks.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text,
    state text NOT NULL
);

CREATE TABLE startup_locks.owners (id bigint PRIMARY KEY);
