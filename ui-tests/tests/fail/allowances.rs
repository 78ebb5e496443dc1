static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/allowances");

fn main() {
    let _ = &PLAN;
}
