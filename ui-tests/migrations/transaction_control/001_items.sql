BEGIN;
CREATE TABLE transaction_control.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text,
    state text NOT NULL
);
COMMIT;
