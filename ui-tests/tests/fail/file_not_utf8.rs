static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/file_not_utf8");

fn main() {
    let _ = &PLAN;
}
