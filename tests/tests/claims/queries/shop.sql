CREATE TYPE shop.state AS ENUM ('new', 'in progress', 'done');
CREATE TYPE shop.address AS (street text, zip text, lines integer);
CREATE DOMAIN shop.email AS text;
CREATE DOMAIN shop.cents AS bigint DEFAULT 0 NOT NULL;

CREATE TABLE shop.customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email shop.email NOT NULL UNIQUE,
    name text NOT NULL,
    nickname varchar(40),
    address shop.address,
    tags text[] NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true,
    score real,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE shop.products (
    sku char(8) PRIMARY KEY,
    title text NOT NULL,
    price numeric(12, 2) NOT NULL,
    stock integer NOT NULL DEFAULT 0,
    weight double precision,
    attributes jsonb NOT NULL DEFAULT '{}',
    document tsvector,
    valid_in tstzrange,
    discontinued_on date
);

CREATE TABLE shop.orders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id bigint NOT NULL REFERENCES shop.customers (id),
    state shop.state NOT NULL DEFAULT 'new',
    note text,
    total shop.cents,
    placed_at timestamptz NOT NULL DEFAULT now(),
    shipped_on date,
    pickup_at time,
    took interval,
    "from" inet,
    raw bytea,
    local_at timestamp
);

CREATE TABLE shop.items (
    order_id uuid NOT NULL REFERENCES shop.orders (id),
    line smallint NOT NULL,
    sku char(8) NOT NULL REFERENCES shop.products (sku),
    quantity integer NOT NULL,
    price numeric(12, 2) NOT NULL,
    doubled numeric GENERATED ALWAYS AS (price * 2) STORED,
    PRIMARY KEY (order_id, line)
);

CREATE TABLE shop.events (
    at timestamptz NOT NULL,
    kind text NOT NULL,
    payload json,
    levels integer[]
) PARTITION BY RANGE (at);
CREATE TABLE shop.events_2025 PARTITION OF shop.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

CREATE VIEW shop.open_orders AS
    SELECT o.id, o.customer_id, c.name, o.state, o.placed_at
    FROM shop.orders o JOIN shop.customers c ON c.id = o.customer_id WHERE o.state <> 'done';

CREATE FUNCTION shop.full_name(customer bigint, sep text DEFAULT ' ') RETURNS text
    LANGUAGE sql STABLE RETURN (SELECT name || sep || nickname FROM shop.customers WHERE id = customer);
CREATE FUNCTION shop.orders_of(customer bigint) RETURNS TABLE (id uuid, placed_at timestamptz)
    LANGUAGE sql STABLE AS $$ SELECT id, placed_at FROM shop.orders WHERE customer_id = customer $$;
