static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/link_that_leaves");

fn main() {
    let _ = &PLAN;
}
