//! What is replaced by what, and the code that uses it. `$1` is the key of a row.

use super::shapes::{OF_COLUMN, OF_KEY};

pub(super) struct Kind {
    pub(super) name: &'static str,
    /// The old column.
    pub(super) column: &'static str,
    pub(super) data_type: &'static str,
    /// The rest of its definition.
    pub(super) rest: &'static str,
    /// Its foreign key, where the shape has some.
    pub(super) reference: &'static str,
    /// Its value in the rows of before.
    pub(super) value: &'static str,
    /// The table that references this one, and its rows.
    pub(super) items: (&'static str, &'static str),
    /// What the first file has to allow.
    pub(super) allowed: &'static str,
    /// What `onward replace` gets behind the folder.
    pub(super) arguments: &'static [&'static str],
    pub(super) old: Written,
    pub(super) new: Written,
    pub(super) differs: &'static str,
    pub(super) sum: &'static str,
    pub(super) sum_before: i64,
    pub(super) sum_per_round: i64,
}

/// The code of a release.
pub(super) struct Written {
    /// For a row of its own, in this order: it exists behind the first, and is gone behind the last.
    pub(super) own: &'static [&'static str],
    /// Adds a row that references it; sent before the last of them.
    pub(super) item: &'static str,
    pub(super) shared: &'static str,
    pub(super) copy: Option<(&'static str, &'static str)>,
    pub(super) forget: &'static str,
}

const ITEM: &str = "INSERT INTO shop.items (id, order_id) VALUES ($1, $1)";

pub(super) const RENAME: Kind = Kind {
    name: "rename",
    column: "total",
    data_type: "bigint",
    rest: " NOT NULL DEFAULT 7",
    reference: " CONSTRAINT orders_total_fkey REFERENCES shop.amounts (amount)",
    value: "500",
    items: OF_COLUMN,
    allowed: "",
    arguments: &["shop.orders.total", "price"],
    old: Written {
        own: &[
            "INSERT INTO shop.orders (id, total) VALUES ($1, 3)",
            "UPDATE shop.orders SET total = 0 WHERE id = $1",
            "INSERT INTO shop.orders (id) VALUES ($1) ON CONFLICT ({by}id) DO UPDATE SET total = EXCLUDED.total",
            "SELECT total FROM shop.orders WHERE id = $1 AND total = 7",
            "DELETE FROM shop.orders WHERE id = $1",
        ],
        item: "INSERT INTO shop.items (id, order_id, order_total) SELECT id, id, total FROM shop.orders WHERE id = $1",
        shared: "UPDATE shop.orders SET total = total + 1 WHERE id = $1",
        copy: Some(("COPY shop.orders (id, total) FROM STDIN", "900001\t12\n")),
        forget: "DELETE FROM shop.orders WHERE id = 900001 AND total = 12",
    },
    new: Written {
        own: &[
            "INSERT INTO shop.orders (id, price) VALUES ($1, 3)",
            "UPDATE shop.orders SET price = 0 WHERE id = $1",
            "INSERT INTO shop.orders (id) VALUES ($1) ON CONFLICT ({by}id) DO UPDATE SET price = EXCLUDED.price",
            "SELECT price FROM shop.orders WHERE id = $1 AND price = 7",
            "DELETE FROM shop.orders WHERE id = $1",
        ],
        item: "INSERT INTO shop.items (id, order_id, order_total) SELECT id, id, price FROM shop.orders WHERE id = $1",
        shared: "UPDATE shop.orders SET price = price + 1 WHERE id = $1",
        copy: Some(("COPY shop.orders (id, price) FROM STDIN", "900002\t12\n")),
        forget: "DELETE FROM shop.orders WHERE id = 900002 AND price = 12",
    },
    differs: "SELECT count(*) FROM shop.orders WHERE price IS DISTINCT FROM total",
    sum: "SELECT sum(price)::int8 FROM shop.orders WHERE id < 900000",
    sum_before: 500,
    sum_per_round: 1,
};

/// A wider type, whose keys and foreign keys follow.
pub(super) const WIDER: Kind = Kind {
    name: "retype",
    data_type: "integer",
    allowed: "-- onward: allow-file narrow-integer-key because \"it is replaced\"\n",
    arguments: &["shop.orders.total", "price", "--type", "bigint"],
    ..RENAME
};

/// Another type with other values.
pub(super) const CENTS: Kind = Kind {
    name: "retype",
    column: "total",
    data_type: "numeric(10, 2)",
    rest: " NOT NULL DEFAULT 0.5",
    reference: "",
    value: "5",
    items: OF_KEY,
    allowed: "",
    arguments: &[
        "shop.orders.total",
        "total_cents",
        "--type",
        "bigint",
        "--using",
        "round(total * 100)",
        "--back",
        "total_cents / 100.0",
    ],
    old: Written {
        own: &[
            "INSERT INTO shop.orders (id, total) VALUES ($1, 3)",
            "UPDATE shop.orders SET total = 1.25 WHERE id = $1",
            "INSERT INTO shop.orders (id) VALUES ($1) ON CONFLICT ({by}id) DO UPDATE SET total = EXCLUDED.total",
            "SELECT total FROM shop.orders WHERE id = $1 AND total = 0.5",
            "DELETE FROM shop.orders WHERE id = $1",
        ],
        item: ITEM,
        shared: "UPDATE shop.orders SET total = total + 1 WHERE id = $1",
        copy: Some(("COPY shop.orders (id, total) FROM STDIN", "900001\t12.5\n")),
        forget: "DELETE FROM shop.orders WHERE id = 900001 AND total = 12.5",
    },
    new: Written {
        own: &[
            "INSERT INTO shop.orders (id, total_cents) VALUES ($1, 300)",
            "UPDATE shop.orders SET total_cents = 125 WHERE id = $1",
            "INSERT INTO shop.orders (id) VALUES ($1) ON CONFLICT ({by}id) DO UPDATE SET total_cents = EXCLUDED.total_cents",
            "SELECT total_cents FROM shop.orders WHERE id = $1 AND total_cents = 50",
            "DELETE FROM shop.orders WHERE id = $1",
        ],
        item: ITEM,
        shared: "UPDATE shop.orders SET total_cents = total_cents + 100 WHERE id = $1",
        copy: Some((
            "COPY shop.orders (id, total_cents) FROM STDIN",
            "900002\t1250\n",
        )),
        forget: "DELETE FROM shop.orders WHERE id = 900002 AND total_cents = 1250",
    },
    differs: "SELECT count(*) FROM shop.orders WHERE total_cents IS DISTINCT FROM total * 100",
    sum: "SELECT sum(total_cents)::int8 FROM shop.orders WHERE id < 900000",
    sum_before: 500,
    sum_per_round: 100,
};

pub(super) const SPLIT: Kind = Kind {
    name: "split",
    column: "name",
    data_type: "text",
    rest: " NOT NULL",
    reference: "",
    value: "'Ada Lovelace'",
    items: OF_KEY,
    allowed: "",
    arguments: &[
        "shop.orders.name",
        "--into",
        "first text using split_part(name, ' ', 1)",
        "--into",
        "last text using substr(name, length(split_part(name, ' ', 1)) + 2)",
        "--back",
        "first || ' ' || last",
    ],
    old: Written {
        own: &[
            "INSERT INTO shop.orders (id, name) VALUES ($1, 'Grace Hopper')",
            "UPDATE shop.orders SET name = 'Grace Brewster Hopper' WHERE id = $1",
            "INSERT INTO shop.orders (id, name) VALUES ($1, 'Anita Borg') ON CONFLICT ({by}id) DO UPDATE SET name = EXCLUDED.name",
            "SELECT name FROM shop.orders WHERE id = $1",
            "DELETE FROM shop.orders WHERE id = $1",
        ],
        item: ITEM,
        shared: "UPDATE shop.orders SET name = 'Ada Byron', n = n + 1 WHERE id = $1",
        copy: Some((
            "COPY shop.orders (id, name) FROM STDIN",
            "900001\tJean Bartik\n",
        )),
        forget: "DELETE FROM shop.orders WHERE id = 900001 AND name = 'Jean Bartik'",
    },
    new: Written {
        own: &[
            "INSERT INTO shop.orders (id, first, last) VALUES ($1, 'Grace', 'Hopper')",
            "UPDATE shop.orders SET last = 'Brewster Hopper' WHERE id = $1",
            "INSERT INTO shop.orders (id, first, last) VALUES ($1, 'Anita', 'Borg')
               ON CONFLICT ({by}id) DO UPDATE SET first = EXCLUDED.first, last = EXCLUDED.last",
            "SELECT first, last FROM shop.orders WHERE id = $1",
            "DELETE FROM shop.orders WHERE id = $1",
        ],
        item: ITEM,
        shared: "UPDATE shop.orders SET first = 'Augusta Ada', n = n + 1 WHERE id = $1",
        copy: Some((
            "COPY shop.orders (id, first, last) FROM STDIN",
            "900002\tJean\tBartik\n",
        )),
        forget: "DELETE FROM shop.orders WHERE id = 900002 AND last = 'Bartik'",
    },
    differs: "SELECT count(*) FROM shop.orders WHERE name IS DISTINCT FROM first || ' ' || last",
    sum: "SELECT sum(n)::int8 FROM shop.orders WHERE id < 900000",
    sum_before: 0,
    sum_per_round: 1,
};

pub(super) const MOVE: Kind = Kind {
    name: "move",
    column: "total",
    data_type: "bigint",
    rest: "",
    reference: " CONSTRAINT orders_total_fkey REFERENCES shop.amounts (amount)",
    value: "500",
    items: OF_KEY,
    allowed: "",
    arguments: &[
        "shop.orders.total",
        "--to",
        "shop.order_totals.total",
        "--by",
        "{by}order_id",
    ],
    old: Written {
        own: &[
            "INSERT INTO shop.orders (id, total) VALUES ($1, 3)",
            "UPDATE shop.orders SET total = 4 WHERE id = $1",
            "INSERT INTO shop.orders (id, total) VALUES ($1, 5) ON CONFLICT ({by}id) DO UPDATE SET total = EXCLUDED.total",
            "UPDATE shop.orders SET total = NULL WHERE id = $1",
            "SELECT total FROM shop.orders WHERE id = $1",
            "DELETE FROM shop.orders WHERE id = $1",
        ],
        item: ITEM,
        shared: "UPDATE shop.orders SET total = total + 1 WHERE id = $1",
        copy: Some(("COPY shop.orders (id, total) FROM STDIN", "900001\t12\n")),
        forget: "DELETE FROM shop.orders WHERE id = 900001 AND total = 12",
    },
    new: Written {
        own: &[
            "INSERT INTO shop.orders (id) VALUES ($1)",
            "INSERT INTO shop.order_totals (order_id, total) VALUES ($1, 3)",
            "UPDATE shop.order_totals SET total = 4 WHERE order_id = $1",
            "INSERT INTO shop.order_totals (order_id, total) VALUES ($1, 5)
               ON CONFLICT ({by}order_id) DO UPDATE SET total = EXCLUDED.total",
            "SELECT total FROM shop.order_totals WHERE order_id = $1",
            "DELETE FROM shop.order_totals WHERE order_id = $1",
            "DELETE FROM shop.orders WHERE id = $1",
        ],
        item: ITEM,
        shared: "UPDATE shop.order_totals SET total = total + 1 WHERE order_id = $1",
        copy: Some(("COPY shop.orders (id) FROM STDIN", "900002\n")),
        forget: "DELETE FROM shop.orders WHERE id = 900002",
    },
    differs: "SELECT count(*) FROM shop.orders
        FULL JOIN (SELECT {by}order_id AS id, total AS moved FROM shop.order_totals) there USING ({by}id)
        WHERE moved IS DISTINCT FROM total",
    sum: "SELECT sum(total)::int8 FROM shop.order_totals WHERE order_id < 900000",
    sum_before: 500,
    sum_per_round: 1,
};
