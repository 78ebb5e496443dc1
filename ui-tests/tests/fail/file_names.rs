static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/file_names");

fn main() {
    let _ = &PLAN;
}
