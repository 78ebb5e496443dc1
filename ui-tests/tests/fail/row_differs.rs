onward::schema!(SHOP = "ui-tests/migrations/typed");

#[derive(onward::Row)]
#[onward(schema = SHOP, table = "typed.orders")]
struct Names {
    id: i64,
    wieght: Option<f64>,
    #[onward(column = "kind")]
    kind: String,
}

#[derive(onward::Row)]
#[onward(schema = SHOP, table = "typed.orders")]
struct Nullable {
    weight: f64,
}

#[derive(onward::Row)]
#[onward(schema = SHOP, table = "typed.orders")]
struct Types {
    id: i32,
    state: String,
    reference: Option<String>,
}

#[derive(onward::Row)]
#[onward(schema = SHOP, table = "typed.order")]
struct Table {
    id: i64,
}

#[derive(onward::Row)]
struct NoTable {
    id: i64,
}

fn main() {}
