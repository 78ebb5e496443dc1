static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/file_with_nul");

fn main() {
    let _ = &PLAN;
}
