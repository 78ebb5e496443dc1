onward::schema!(SHOP = "ui-tests/migrations/typed");

fn main() {
    let (id, name) = (1_i32, "a");
    let _ = onward::query!(SHOP, "SELECT name FROM typed.customers WHERE id = $1", id);
    let _ = onward::query!(SHOP, "SELECT name FROM typed.customers WHERE name = $1");
    let _ = onward::query!(SHOP, "SELECT name FROM typed.customers WHERE name = $1", name, name);
    let _ = onward::query!(SHOP, "SELECT id FROM typed.orders WHERE state = $1", name);
    let _ = onward::query!("SELECT 1");
    let _ = onward::query!(SHOP, name);
}
