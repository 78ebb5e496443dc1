//! The data migration of a move, and sessions that change at this moment what it copies.

use std::time::Duration;

use onward_pg::{Database, database};
use tokio_postgres::Client;

use crate::Outcome;
use crate::support::{Folder, command, onward, onward_on};

const ORDERS: &[u8] = b"CREATE TABLE shop.orders (id bigint PRIMARY KEY, total bigint);
CREATE TABLE shop.order_totals (order_id bigint PRIMARY KEY);
";

/// A row that is deleted does not come back, and the value of before an UPDATE is not written: the batch waits for the
/// sessions that hold the rows.
#[tokio::test]
async fn a_batch_waits_for_the_rows_that_another_session_changes() -> Outcome {
    let folder = Folder::shop(&[("001_orders.sql", ORDERS)])?;
    let path = folder.path();
    let database = database().await?;
    onward_on(&database, &["up", &path]).await?.with(0);
    let client = database.connect().await?;
    let rows = "INSERT INTO shop.orders SELECT n, n FROM generate_series(1, 6) n";
    client.batch_execute(rows).await?;
    let to = [
        "--to",
        "shop.order_totals.total",
        "--by",
        "order_id",
        "--only",
        "begin",
    ];
    let series = [&["replace", path.as_str(), "shop.orders.total"][..], &to].concat();
    onward(&series).await?.with(0);
    onward_on(&database, &["up", &path, "--startup"])
        .await?
        .with(0);

    client
        .batch_execute(
            "BEGIN; DELETE FROM shop.orders WHERE id = 2; UPDATE shop.orders SET total = NULL WHERE id = 3;
             UPDATE shop.orders SET total = 44 WHERE id = 4",
        )
        .await?;
    let mut worker = command(&["data", "run", &path, "--url", database.url()]).spawn()?;
    blocked(&database).await?;
    client.batch_execute("COMMIT").await?;
    assert!(worker.wait().await?.success());
    assert_eq!(totals(&client).await?, "1=1 3=null 4=44 5=5 6=6");
    Ok(())
}

/// Until a batch waits for a lock.
async fn blocked(database: &Database) -> Outcome {
    let client = database.connect().await?;
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for _ in 0..600 {
        if client.query_one(waits, &[]).await?.get::<_, i64>(0) > 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("no batch waits for the rows".into())
}

async fn totals(client: &Client) -> Result<String, tokio_postgres::Error> {
    let all = "SELECT string_agg(order_id || '=' || coalesce(total::text, 'null'), ' ' ORDER BY order_id) FROM shop.order_totals";
    Ok(client.query_one(all, &[]).await?.get(0))
}
