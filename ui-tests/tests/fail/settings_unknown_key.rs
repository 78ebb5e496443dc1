static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/settings_unknown_key");

fn main() {
    let _ = &PLAN;
}
