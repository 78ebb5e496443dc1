static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/release_breaks");

fn main() {
    let _ = &PLAN;
}
