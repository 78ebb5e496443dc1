static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/folder_empty");

fn main() {
    let _ = &PLAN;
}
