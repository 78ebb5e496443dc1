//! The tables. `{column}` is the old column with its `{type}`, the `{rest}` of its definition and its `{reference}`; `{by}`
//! are the columns of keys before the number of the order.

/// Tables, and the sessions that use them.
pub(super) struct Shape {
    pub(super) name: &'static str,
    pub(super) settings: &'static str,
    pub(super) before: &'static str,
    /// The table to which a column moves.
    pub(super) other: &'static str,
    pub(super) seed: &'static str,
    pub(super) by: &'static str,
    pub(super) sessions: &'static [&'static str],
    /// Whether a third table references this one.
    pub(super) has_items: bool,
    /// PostgreSQL refuses `COPY FROM` under row-level security.
    pub(super) copies: bool,
}

const PLAIN: Shape = Shape {
    name: "plain",
    settings: "",
    before: "CREATE TABLE shop.orders (id bigint PRIMARY KEY, {column} {type}{rest}, n bigint NOT NULL DEFAULT 0);
        CREATE INDEX orders_{column}_idx ON shop.orders ({column});",
    other: "CREATE TABLE shop.order_totals (order_id bigint CONSTRAINT order_totals_pkey PRIMARY KEY);",
    seed: "INSERT INTO shop.orders (id, {column}) SELECT n, {value} FROM generate_series(1, {seeds}) n",
    by: "",
    sessions: &[""],
    has_items: false,
    copies: true,
};

pub(super) const SHAPES: &[Shape] = &[
    PLAIN,
    Shape {
        name: "partitioned",
        before: "CREATE TABLE shop.orders (
                id bigint CONSTRAINT orders_pkey PRIMARY KEY,
                {column} {type}{rest},
                n bigint NOT NULL DEFAULT 0,
                CONSTRAINT orders_id_{column}_key UNIQUE (id, {column})
            ) PARTITION BY RANGE (id);
            CREATE TABLE shop.orders_a PARTITION OF shop.orders FOR VALUES FROM (MINVALUE) TO (100);
            CREATE TABLE shop.orders_b PARTITION OF shop.orders FOR VALUES FROM (100) TO (MAXVALUE);
            CREATE INDEX orders_{column}_idx ON shop.orders ({column});",
        other: "CREATE TABLE shop.order_totals (
                order_id bigint CONSTRAINT order_totals_pkey PRIMARY KEY
                    CONSTRAINT order_totals_order_id_fkey REFERENCES shop.orders (id) ON DELETE CASCADE
            ) PARTITION BY HASH (order_id);
            CREATE TABLE shop.order_totals_a PARTITION OF shop.order_totals FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE shop.order_totals_b PARTITION OF shop.order_totals FOR VALUES WITH (MODULUS 2, REMAINDER 1);",
        ..PLAIN
    },
    Shape {
        name: "two tenants at once, under FORCE ROW LEVEL SECURITY",
        settings: "[tenancy]\nmode = \"required\"\n[tenancy.global]\n\"shop.tenants\" = \"the list of them\"\n",
        before: "CREATE TABLE shop.tenants (id uuid PRIMARY KEY);
            CREATE TABLE shop.orders (
                tenant_id uuid NOT NULL DEFAULT current_setting('app.tenant_id')::uuid,
                id bigint NOT NULL,
                {column} {type}{rest},
                n bigint NOT NULL DEFAULT 0,
                CONSTRAINT orders_pkey PRIMARY KEY (tenant_id, id),
                CONSTRAINT orders_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES shop.tenants (id)
            );
            ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
            ALTER TABLE shop.orders FORCE ROW LEVEL SECURITY;
            CREATE POLICY orders_tenant ON shop.orders
                USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
                WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
            CREATE INDEX orders_{column}_idx ON shop.orders (tenant_id, {column});",
        other: "CREATE TABLE shop.order_totals (
                tenant_id uuid NOT NULL DEFAULT current_setting('app.tenant_id')::uuid,
                order_id bigint NOT NULL,
                CONSTRAINT order_totals_pkey PRIMARY KEY (tenant_id, order_id),
                CONSTRAINT order_totals_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES shop.tenants (id),
                CONSTRAINT order_totals_order_fkey FOREIGN KEY (tenant_id, order_id)
                    REFERENCES shop.orders (tenant_id, id) ON DELETE CASCADE
            );
            ALTER TABLE shop.order_totals ENABLE ROW LEVEL SECURITY;
            ALTER TABLE shop.order_totals FORCE ROW LEVEL SECURITY;
            CREATE POLICY order_totals_tenant ON shop.order_totals
                USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid))
                WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));",
        seed: "CREATE ROLE {role}; GRANT USAGE ON SCHEMA shop TO {role};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop TO {role};
            INSERT INTO shop.tenants VALUES ('00000000-0000-0000-0000-000000000001'), ('00000000-0000-0000-0000-000000000002');
            INSERT INTO shop.orders (tenant_id, id, {column}) SELECT t.id, n, {value} FROM shop.tenants t, generate_series(1, {seeds}) n",
        by: "tenant_id, ",
        sessions: &[
            "SET app.tenant_id = '00000000-0000-0000-0000-000000000001'; SET ROLE {role}",
            "SET app.tenant_id = '00000000-0000-0000-0000-000000000002'; SET ROLE {role}",
        ],
        has_items: false,
        copies: false,
    },
    Shape {
        name: "foreign keys both ways",
        before: "CREATE TABLE shop.amounts (amount {type} PRIMARY KEY);
            CREATE TABLE shop.customers (id bigint PRIMARY KEY);
            CREATE TABLE shop.orders (
                id bigint PRIMARY KEY,
                customer_id bigint NOT NULL DEFAULT 1 CONSTRAINT orders_customer_id_fkey REFERENCES shop.customers (id),
                {column} {type}{rest}{reference},
                n bigint NOT NULL DEFAULT 0,
                CONSTRAINT orders_id_{column}_key UNIQUE (id, {column})
            );
            CREATE INDEX orders_{column}_idx ON shop.orders ({column});
            CREATE INDEX orders_customer_id_idx ON shop.orders (customer_id);",
        other: "CREATE TABLE shop.order_totals (
                order_id bigint CONSTRAINT order_totals_pkey PRIMARY KEY
                    CONSTRAINT order_totals_order_id_fkey REFERENCES shop.orders (id) ON DELETE CASCADE
            );",
        seed: "INSERT INTO shop.amounts SELECT generate_series(0, 5000);
            INSERT INTO shop.customers VALUES (1);
            INSERT INTO shop.orders (id, {column}) SELECT n, {value} FROM generate_series(1, {seeds}) n",
        has_items: true,
        ..PLAIN
    },
    Shape {
        name: "unique and composite keys, identity and generated columns",
        before: "CREATE TABLE shop.orders (
                id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
                number bigint GENERATED BY DEFAULT AS IDENTITY CONSTRAINT orders_number_key UNIQUE,
                {column} {type}{rest},
                n bigint NOT NULL DEFAULT 0,
                twice bigint GENERATED ALWAYS AS (number * 2) STORED,
                CONSTRAINT orders_{column}_number_key UNIQUE ({column}, number),
                CONSTRAINT orders_{column}_id_key UNIQUE ({column}, id)
            );
            CREATE INDEX orders_{column}_idx ON shop.orders ({column} DESC) INCLUDE (number) WHERE {column} IS NOT NULL;
            COMMENT ON COLUMN shop.orders.{column} IS 'Written once; it''s kept';
            CREATE STATISTICS shop.orders_{column}_n (dependencies) ON {column}, n FROM shop.orders;",
        ..PLAIN
    },
];

/// Rows that lead to the primary key, and to the replaced column.
pub(super) const OF_KEY: (&str, &str) = (
    "CREATE TABLE shop.items (
        id bigint PRIMARY KEY,
        order_id bigint NOT NULL CONSTRAINT items_order_id_fkey REFERENCES shop.orders (id) ON DELETE CASCADE
    );
    CREATE INDEX items_order_id_idx ON shop.items (order_id);",
    "; INSERT INTO shop.items SELECT id, id FROM shop.orders",
);

pub(super) const OF_COLUMN: (&str, &str) = (
    "CREATE TABLE shop.items (
        id bigint PRIMARY KEY,
        order_id bigint NOT NULL,
        order_{column} {type} NOT NULL,
        CONSTRAINT items_order_fkey FOREIGN KEY (order_id, order_{column}) REFERENCES shop.orders (id, {column})
            ON UPDATE CASCADE ON DELETE CASCADE
    );
    CREATE INDEX items_order_idx ON shop.items (order_id, order_{column});",
    "; INSERT INTO shop.items SELECT id, id, {column} FROM shop.orders",
);
