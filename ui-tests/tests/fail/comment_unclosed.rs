static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/comment_unclosed");

fn main() {
    let _ = &PLAN;
}
