onward::schema!(SHOP = "ui-tests/migrations/typed");

fn main() {
    println!("{} {}", orders::WEIGHT, orders::HEIGHT);
    println!("{}", customer::TABLE);
}
