static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/startup_drops");

fn main() {
    let _ = &PLAN;
}
