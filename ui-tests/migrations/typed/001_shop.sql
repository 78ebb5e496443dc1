CREATE TYPE typed.state AS ENUM ('new', 'in progress', 'done');
CREATE TYPE typed.address AS (street text, zip text, lines integer);
CREATE DOMAIN typed.email AS text;

CREATE TABLE typed.customers (
    id bigint GENERATED ALWAYS AS IDENTITY,
    email typed.email NOT NULL,
    name text NOT NULL,
    nickname text,
    address typed.address,
    tags text[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT customers_pkey PRIMARY KEY (id),
    CONSTRAINT customers_email_key UNIQUE (email)
);

COMMENT ON TABLE typed.customers IS 'Who buys.';
COMMENT ON COLUMN typed.customers.email IS 'In lower case.';

CREATE TABLE typed.orders (
    id bigint GENERATED ALWAYS AS IDENTITY,
    customer_id bigint NOT NULL,
    "type" text NOT NULL DEFAULT 'web',
    state typed.state NOT NULL DEFAULT 'new',
    total numeric(12, 2),
    weight double precision,
    doubled double precision GENERATED ALWAYS AS (weight * 2) STORED,
    payload jsonb,
    day date,
    reference uuid,
    raw bytea CHECK (octet_length(raw) <= 64),
    placed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES typed.customers (id)
);

CREATE INDEX orders_customer_idx ON typed.orders (customer_id);

CREATE VIEW typed.open_orders AS SELECT id, customer_id, state FROM typed.orders WHERE state <> 'done';
