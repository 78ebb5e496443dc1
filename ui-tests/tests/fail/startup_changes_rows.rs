static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/startup_changes_rows");

fn main() {
    let _ = &PLAN;
}
