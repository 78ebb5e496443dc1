onward::schema!("ui-tests/migrations/typed");
onward::schema!(SHOP = "ui-tests/migrations/not_there");
onward::schema!(OTHER = 5);

fn main() {}
