static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/schema_name");

fn main() {
    let _ = &PLAN;
}
