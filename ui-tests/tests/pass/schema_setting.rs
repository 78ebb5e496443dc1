static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/schema_setting/");

fn main() {
    assert_eq!(PLAN.schema(), "other");
}
