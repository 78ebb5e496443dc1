static PLAN: onward::Plan = onward::embed_migrations!("migrations/does_not_exist");

fn main() {
    let _ = &PLAN;
}
