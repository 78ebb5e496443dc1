static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/several_files");

fn main() {
    let _ = &PLAN;
}
