//! What `schema!`, `derive(Row)` and `query!` write reads and writes what a server has.

use onward_pg::shared;

use crate::Outcome;

mod db {
    onward::schema!(SHOP = "ui-tests/migrations/typed");
}

use db::{Address, SHOP, State, customers};

#[derive(onward::Row)]
#[onward(schema = SHOP, table = "typed.customers")]
struct Mine {
    id: i64,
    #[onward(column = "address")]
    home: Option<Address>,
    tags: Vec<String>,
}

#[tokio::test]
async fn values_come_back_as_they_were_sent() -> Outcome {
    let database = shared().await?.database().await?;
    let client = database.connect().await?;
    client.batch_execute("CREATE SCHEMA typed").await?;
    let files = include_str!("../../../ui-tests/migrations/typed/001_shop.sql");
    client.batch_execute(files).await?;
    let home = Address {
        street: Some("A".to_owned()),
        zip: None,
        lines: Some(2),
    };
    let (email, name, tags) = ("a@b", String::from("n"), vec!["x", "y"]);
    let insert = onward::query!(
        SHOP,
        "INSERT INTO typed.customers (email, name, address, tags) VALUES ($1, $2, $3, $4) RETURNING id, address",
        email,
        name,
        home,
        tags,
    );
    let row = insert.one(&client).await?;
    assert_eq!(row.address.as_ref(), Some(&home));
    let (id, state) = (row.id, State::InProgress);
    let order = onward::query!(
        SHOP,
        "INSERT INTO typed.orders (customer_id, state, total) VALUES ($1, $2, 12.5) RETURNING id, state, total::text AS \"total!\"",
        id,
        state,
    );
    let order = order.one(&client).await?;
    assert_eq!((order.state, order.total.as_str()), (state, "12.50"));
    let states = &[State::Done, state][..];
    let joined = onward::query!(
        SHOP,
        "SELECT o.id, o.state FROM typed.customers c
         LEFT JOIN typed.orders o ON o.customer_id = c.id AND o.state = ANY($1) WHERE c.id = $2",
        states,
        id,
    );
    let rows = joined.all(&client).await?;
    assert_eq!((rows[0].id, rows[0].state), (Some(order.id), Some(state)));
    let raw = client
        .query_one("SELECT * FROM typed.customers WHERE id = $1", &[&id])
        .await?;
    let (whole, mine) = (customers::Row::try_from(&raw)?, Mine::try_from(&raw)?);
    assert_eq!((whole.id, whole.address), (mine.id, mine.home));
    assert_eq!(mine.tags, ["x", "y"]);

    let add = "ALTER TYPE typed.state ADD VALUE 'lost'";
    client.batch_execute(add).await?;
    let lose = "UPDATE typed.orders SET state = 'lost'";
    client.batch_execute(lose).await?;
    let found = onward::query!(SHOP, "SELECT state FROM typed.orders");
    let unknown = found
        .all(&client)
        .await
        .err()
        .map(|error| onward::Chain(&error).to_string());
    let unknown = unknown.unwrap_or_default();
    assert!(
        unknown.contains("typed.state has no label `lost` in this program"),
        "{unknown}"
    );
    Ok(())
}
