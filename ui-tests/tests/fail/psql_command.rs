static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/psql_command");

fn main() {
    let _ = &PLAN;
}
