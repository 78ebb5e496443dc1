static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/identifier_unclosed");

fn main() {
    let _ = &PLAN;
}
