static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/session_state");

fn main() {
    let _ = &PLAN;
}
