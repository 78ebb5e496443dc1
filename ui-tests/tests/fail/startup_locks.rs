static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/startup_locks");

fn main() {
    let _ = &PLAN;
}
