static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/statement_unknown");

fn main() {
    let _ = &PLAN;
}
