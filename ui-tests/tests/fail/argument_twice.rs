static PLAN: onward::Plan = onward::embed_migrations!("migrations/auth", "migrations/vuln");

fn main() {
    let _ = &PLAN;
}
