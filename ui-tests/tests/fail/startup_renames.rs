static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/startup_renames");

fn main() {
    let _ = &PLAN;
}
