static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/startup_tightens");

fn main() {
    let _ = &PLAN;
}
