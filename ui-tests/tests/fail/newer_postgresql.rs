static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/newer_postgresql");

fn main() {
    let _ = &PLAN;
}
