static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/file_empty");

fn main() {
    let _ = &PLAN;
}
