onward::schema!(SHOP = "ui-tests/migrations/typed");

fn main() {
    let (id, name) = (1_i64, "a");
    let _ = onward::query!(SHOP, "SELECT nmae FROM typed.customers WHERE id = $1", id);
    let _ = onward::query!(SHOP, "SELECT name FROM typed.customer");
    let _ = onward::query!(SHOP, "SELECT name FROM typed.customers WHERE name = 5");
    let _ = onward::query!(SHOP, "INSERT INTO typed.customers (name) VALUES ($1)", name);
    let _ = onward::query!(SHOP, "SELECT id FROM typed.orders WHERE state = 'finished'");
    let _ = onward::query!(SHOP, "SELECT $1 IS NULL", name);
    let _ = onward::query!(SHOP, "SELECT name FROM typed.customers WHERE");
    let _ = onward::query!(SHOP, "SELECT 1; SELECT 2");
}
