static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/file_of_comments");

fn main() {
    let _ = &PLAN;
}
