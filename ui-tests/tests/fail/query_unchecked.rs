#![deny(deprecated)]
onward::schema!(SHOP = "ui-tests/migrations/typed");

fn main() {
    let _ = onward::query!(SHOP, "SELECT total FROM typed.orders");
    let _ = onward::query!(SHOP, "SELECT a FROM other.things");
    let _ = onward::query!(SHOP, unchecked "SELECT a FROM other.things");
}
