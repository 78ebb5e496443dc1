//! What the files are, what is left to do, and what is refused.

use std::error::Error;
use std::fs;
use std::time::Duration;

use onward_pg::database;
use tokio_postgres::Client;

use crate::Outcome;
use crate::support::page::shows;
use crate::support::{Folder, onward, onward_on};

const ORDERS: &[u8] = b"CREATE TABLE shop.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state text NOT NULL,
    day date NOT NULL,
    total numeric(10, 2)
);
CREATE VIEW shop.open AS SELECT id FROM shop.orders WHERE state = 'open';
";

#[tokio::test]
async fn a_dry_run_prints_the_files_and_writes_none() -> Outcome {
    let folder = Folder::shop(&[("001_orders.sql", ORDERS)])?;
    let path = folder.path();
    let command = ["replace", &path, "shop.orders.total", "price"];
    let dry = onward(&[&command[..], &["--dry-run"]].concat()).await?;
    dry.with(0).says(&[
        "-- 002_orders_price.sql",
        "-- onward: replace shop.orders.total with price using (total) back (price)",
        "-- 100_drop_orders_total.sql",
    ]);
    assert_eq!(fs::read_dir(&path)?.count(), 1);
    onward(&command).await?.with(0);
    assert_eq!(fs::read_dir(&path)?.count(), 4);
    let json = onward(
        &[
            &["replace", &path, "orders.day", "on_day"][..],
            &["--dry-run", "--format", "json"],
        ]
        .concat(),
    )
    .await?;
    let json = json.with(0).json()?;
    assert_eq!(json["files"][0]["name"], "003_orders_on_day.sql");
    assert_eq!(json["ends"], true);
    Ok(())
}

/// The old column stays until what uses it has another definition.
#[tokio::test]
async fn what_is_in_the_way_is_left_to_do() -> Outcome {
    let folder = Folder::shop(&[("001_orders.sql", ORDERS)])?;
    let path = folder.path();
    let first = onward(&["replace", &path, "shop.orders.state", "status"]).await?;
    first.with(0).says(&[
        "left to do: the view shop.open uses shop.orders.state",
        "--only end",
    ]);
    folder.check(&["shop", "--deny", "warnings"]).await?.with(0);
    let view =
        "CREATE OR REPLACE VIEW shop.open AS SELECT id FROM shop.orders WHERE status = 'open';";
    fs::write(format!("{path}/110_open.sql"), view)?;
    let end = onward(&["replace", &path, "shop.orders.state", "--only", "end"]).await?;
    end.with(0).says(&["_drop_orders_state.sql"]);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_replaced_is_refused_with_the_reason() -> Outcome {
    let folder = Folder::shop(&[("001_orders.sql", ORDERS)])?;
    let path = folder.path();
    for (arguments, why) in [
        (
            &["shop.orders.sum", "price"][..],
            "do not create the column shop.orders.sum",
        ),
        (
            &["shop.order.total", "price"],
            "do not create the table shop.order",
        ),
        (
            &["shop.orders.total", "state"],
            "shop.orders.state exists already",
        ),
        (&["shop.open.id", "ident"], "only columns of tables"),
        (
            &["shop.orders.total", "cents", "--using", "total * 100"],
            "say so with --back",
        ),
        (
            &[
                "shop.orders.total",
                "cents",
                "--type",
                "bigin t(",
                "--back",
                "cents",
            ],
            "is not a type",
        ),
        (
            &[
                "shop.orders.total",
                "a",
                "--using",
                "total + id",
                "--back",
                "a",
            ],
            "depends on `id`, too",
        ),
        (
            &[
                "shop.orders.total",
                "a",
                "--using",
                "total * random()",
                "--back",
                "a",
            ],
            "is not immutable",
        ),
        (
            &[
                "shop.orders.total",
                "a",
                "--using",
                "(SELECT total)",
                "--back",
                "a",
            ],
            "reads other rows",
        ),
        (
            &["shop.orders.total", "a", "--using", "1", "--back", "a"],
            "leaves out `total`",
        ),
        (
            &[
                "shop.orders.total",
                "a",
                "--type",
                "date",
                "--using",
                "total",
                "--back",
                "a",
            ],
            "convert it",
        ),
        (
            &["shop.orders.total", "--only", "end"],
            "no file begins to replace",
        ),
    ] {
        let refused = onward(&[&["replace", &path], arguments].concat()).await?;
        refused.with(1).says(&["no file is written", why]);
    }
    assert_eq!(fs::read_dir(&path)?.count(), 1);
    Ok(())
}

#[tokio::test]
async fn the_page_shows_what_is_printed() -> Outcome {
    let table = b"CREATE TABLE shop.orders (id bigint PRIMARY KEY, total numeric(10, 2) NOT NULL DEFAULT 0);
CREATE INDEX orders_total_idx ON shop.orders (total);
";
    let folder = Folder::shop(&[("001_orders.sql", table)])?;
    let path = folder.path();
    let using = [
        "--using",
        "round(total * 100)",
        "--back",
        "total_cents / 100.0",
    ];
    let command = [
        "replace",
        &path,
        "shop.orders.total",
        "total_cents",
        "--type",
        "bigint",
    ];
    let ended = onward(&[&command[..], &using].concat()).await?;
    let printed = ended.with(0).out.replace(&path, "migrations/shop");
    shows(
        "replace.md",
        "onward replace migrations/shop shop.orders.total",
        &printed,
    );
    Ok(())
}

/// The server knows what the build does not.
#[tokio::test]
async fn a_release_refuses_to_drop_a_column_whose_values_the_new_one_does_not_have() -> Outcome {
    let folder = Folder::shop(&[(
        "001_orders.sql",
        b"CREATE TABLE shop.orders (id bigint PRIMARY KEY, total bigint);",
    )])?;
    let path = folder.path();
    onward(&[
        "replace",
        &path,
        "shop.orders.total",
        "price",
        "--only",
        "begin",
    ])
    .await?
    .with(0);
    let database = database().await?;
    onward_on(&database, &["up", &path]).await?.with(0);
    let client = database.connect().await?;
    client
        .batch_execute(
            "INSERT INTO shop.orders VALUES (1, 5), (2, 6); ALTER TABLE shop.orders DISABLE TRIGGER zzz_replace_total;
             UPDATE shop.orders SET price = 7 WHERE id = 2; ALTER TABLE shop.orders ENABLE TRIGGER zzz_replace_total",
        )
        .await?;
    onward(&["replace", &path, "shop.orders.total", "--only", "end"])
        .await?
        .with(0);
    let plan = onward_on(&database, &["plan", &path]).await?;
    plan.with(1).says(&[
        "every row of shop.orders has the same value in total and price: NO, 1 row in the way",
    ]);
    let release = ["release", &path, "--yes"];
    let refused = onward_on(&database, &release).await?;
    refused.with(1).says(&[
        "1 row in which both differ: SELECT id FROM shop.orders WHERE price IS DISTINCT FROM total",
    ]);
    client
        .batch_execute("UPDATE shop.orders SET price = 6 WHERE id = 2")
        .await?;
    let before = scans(&client).await?;
    onward_on(&database, &release)
        .await?
        .with(0)
        .says(&["100_drop_orders_total.sql"]);
    assert_eq!(scans(&client).await? - before, 1, "asked more than once");
    Ok(())
}

/// How often the whole table was read so far. A session reports that at its end at the latest.
async fn scans(client: &Client) -> Result<i64, Box<dyn Error>> {
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while client.query_one(others, &[]).await?.get::<_, i64>(0) > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let scans = "SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()";
    client.batch_execute(scans).await?;
    let scans =
        "SELECT seq_scan FROM pg_stat_user_tables WHERE schemaname = 'shop' AND relname = 'orders'";
    Ok(client.query_one(scans, &[]).await?.get(0))
}
