static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/data_batches");

fn main() {
    let _ = &PLAN;
}
