static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/allowed_with_a_reason");

fn main() {
    assert_eq!(PLAN.startup()[0].step().statements().len(), 2);
}
