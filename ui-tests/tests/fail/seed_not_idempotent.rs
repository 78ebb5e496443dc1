static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/seed_not_idempotent");

fn main() {
    let _ = &PLAN;
}
