static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/concurrently_with_others");

fn main() {
    let _ = &PLAN;
}
