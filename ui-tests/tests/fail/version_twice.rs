static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/version_twice");

fn main() {
    let _ = &PLAN;
}
