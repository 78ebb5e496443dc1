static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/settings_no_toml");

fn main() {
    let _ = &PLAN;
}
