//! Queries with their values and rows.
#![deny(warnings)]

use onward::types::tokio_postgres::{Client, Error};

mod db {
    onward::schema!(SHOP = "ui-tests/migrations/typed");
}

use db::{SHOP, State};

async fn all(client: &Client) -> Result<(), Error> {
    let (id, name) = (3_i64, String::from("a"));
    let joined = onward::query!(
        SHOP,
        "SELECT o.id, o.state, c.name, c.nickname, o.type FROM typed.customers c LEFT JOIN typed.orders o ON o.customer_id = c.id
         WHERE c.id = $1 AND c.name = $2",
        id,
        name,
    );
    for row in joined.all(client).await? {
        let _: (Option<i64>, Option<State>, String, Option<String>, Option<String>) =
            (row.id, row.state, row.name, row.nickname, row.r#type);
    }
    let ids = vec![1_i64, 2];
    let some = onward::query!(crate::SHOP, "SELECT id AS \"id!\", weight FROM typed.orders WHERE id = ANY($1)", ids);
    let _: Option<i64> = some.optional(client).await?.map(|row| row.id);
    let next = id + 1;
    let insert = onward::query!(
        db::SHOP,
        "INSERT INTO typed.orders (customer_id, state) VALUES ($1, $2) RETURNING id",
        next,
        State::Done,
    );
    let _: i64 = insert.one(client).await?.id;
    onward::query!(SHOP, "UPDATE typed.customers SET name = $2 WHERE id = $1", id, "b").execute(client).await?;
    let raw = onward::query!(SHOP, unchecked "SELECT * FROM other.things WHERE id = $1", id);
    assert_eq!(raw.params().len(), 1);
    let _: Vec<onward::types::tokio_postgres::Row> = raw.all(client).await?;
    Ok(())
}

fn main() {
    let query = onward::query!(SHOP, "SELECT count(*) AS n FROM typed.orders");
    assert_eq!(query.sql(), "SELECT count(*) AS n FROM typed.orders");
    let _ = all;
}
