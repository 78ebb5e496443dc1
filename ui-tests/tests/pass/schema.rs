//! The tables and types of a folder as Rust items, beside a plan of the same name.
#![deny(warnings)]

static SHOP: onward::Plan = onward::embed_migrations!("ui-tests/migrations/typed");

onward::schema!(SHOP = "ui-tests/migrations/typed");

#[derive(onward::Row)]
#[onward(schema = SHOP, table = "typed.orders")]
struct Order {
    id: i64,
    #[onward(column = "type")]
    kind: String,
    state: State,
    weight: Option<f64>,
    #[onward(unchecked)]
    total: Option<i64>,
    raw: Option<Vec<u8>>,
    placed_at: std::time::SystemTime,
}

#[derive(onward::Row)]
#[onward(schema = crate::SHOP, table = "typed.open_orders")]
struct Open {
    id: i64,
    state: Option<SHOP::State>,
}

fn read(row: &onward::types::tokio_postgres::Row) -> Option<(Order, Open, customers::Row)> {
    Some((row.try_into().ok()?, row.try_into().ok()?, row.try_into().ok()?))
}

fn parts(order: Order, open: Open, customer: customers::Row) -> (i64, String, Option<Address>) {
    let Order { id, kind, state, weight, total, raw, placed_at } = order;
    let _ = (state, weight, total, raw, placed_at, open.id, open.state);
    (id, kind + &customer.email, customer.address)
}

fn main() {
    assert_eq!(SHOP.schema(), "typed");
    assert_eq!(orders::TABLE.to_string(), "typed.orders");
    assert_eq!(SHOP::orders::TYPE.quoted(), "type");
    assert_eq!(orders::DOUBLED.default(), Some("GENERATED ALWAYS AS (weight * 2)"));
    assert!(orders::ID.is_in_primary_key() && !orders::ID.is_nullable() && orders::WEIGHT.is_nullable());
    assert_eq!(customers::TABLE.columns().len(), 7);
    assert_eq!(customers::EMAIL.data_type(), "typed.email");
    assert_eq!(State::LABELS, ["new", "in progress", "done"]);
    assert_eq!("in progress".parse(), Ok(State::InProgress));
    assert_eq!(State::Done.to_string(), "done");
    assert!("nope".parse::<State>().is_err_and(|unknown| unknown.label() == "nope"));
    let _ = (read, parts);
}
