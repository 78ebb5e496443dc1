static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/code_that_is_not_looked_into");

fn main() {
    let _ = &PLAN;
}
