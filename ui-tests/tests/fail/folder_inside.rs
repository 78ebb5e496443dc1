static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/folder_inside");

fn main() {
    let _ = &PLAN;
}
