static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/string_unclosed");

fn main() {
    let _ = &PLAN;
}
