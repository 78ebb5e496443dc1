//! What follows the old column, as the catalogs have it behind the last file.

use onward_pg::database;

use crate::Outcome;
use crate::support::{Folder, onward, onward_on};

#[tokio::test]
async fn statistics_and_publications_follow() -> Outcome {
    let table = b"CREATE TABLE shop.orders (id bigint PRIMARY KEY, total bigint, state text);
CREATE TABLE shop.items (id bigint PRIMARY KEY, note text);
CREATE STATISTICS shop.orders_total_state (ndistinct) ON total, state FROM shop.orders;
CREATE PUBLICATION feed FOR TABLE shop.orders (id, total), shop.items (id) WITH (publish = 'insert');
";
    let folder = Folder::shop(&[("001_orders.sql", table)])?;
    let path = folder.path();
    let series = onward(&["replace", &path, "shop.orders.total", "price"]).await?;
    series.with(0).says(&[
        "left to do: the publication feed lists shop.orders.total: add price to the tables of its subscribers",
        "100_orders_total_state.sql",
        "101_publish_orders.sql",
        "102_drop_orders_total.sql",
    ]);
    let read = |file: &str| std::fs::read_to_string(format!("{path}/{file}"));
    assert!(read("100_orders_total_state.sql")?.contains(
        "CREATE STATISTICS shop.orders_price_state (ndistinct) ON price, state FROM shop.orders;"
    ));
    assert!(read("101_publish_orders.sql")?.contains(
        "ALTER PUBLICATION feed SET TABLE shop.orders (id, total, price), TABLE shop.items (id);"
    ));
    let database = database().await?;
    onward_on(&database, &["up", &path]).await?.with(0);
    let client = database.connect().await?;
    let published = "SELECT string_agg(tablename || ' ' || attnames::text, ', ' ORDER BY tablename) FROM pg_publication_tables";
    let published: String = client.query_one(published, &[]).await?.get(0);
    assert_eq!(published, "items {id}, orders {id,price}");
    let statistics = "SELECT string_agg(stxname || ' ' || pg_get_statisticsobjdef_columns(oid), ', ') FROM pg_statistic_ext";
    let statistics: String = client.query_one(statistics, &[]).await?.get(0);
    assert_eq!(statistics, "orders_price_state state, price");
    Ok(())
}
