const PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/all_categories");
static SAME: onward::Plan = PLAN;

fn main() {
    let local = onward::embed_migrations!("ui-tests/migrations/all_categories");
    assert_eq!(SAME.digest(), local.digest());
}
