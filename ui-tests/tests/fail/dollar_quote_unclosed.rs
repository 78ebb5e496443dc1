static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/dollar_quote_unclosed");

fn main() {
    let _ = &PLAN;
}
