static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/transaction_control");

fn main() {
    let _ = &PLAN;
}
