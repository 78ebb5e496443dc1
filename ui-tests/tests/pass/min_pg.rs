static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/min_pg/");

fn main() {
    assert_eq!(PLAN.schema(), "min_pg");
}
