static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/data_with_ddl");

fn main() {
    let _ = &PLAN;
}
