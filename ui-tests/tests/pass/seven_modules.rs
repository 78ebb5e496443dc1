static PLANS: [onward::Plan; 7] = [
    onward::embed_migrations!("migrations/auth"),
    onward::embed_migrations!("migrations/vuln"),
    onward::embed_migrations!("migrations/vex"),
    onward::embed_migrations!("migrations/scheduler"),
    onward::embed_migrations!("migrations/notify"),
    onward::embed_migrations!("migrations/policy"),
    onward::embed_migrations!("migrations/audit"),
];

fn main() {
    for plan in &PLANS {
        assert!(!plan.startup().is_empty() && !plan.release().is_empty(), "{plan}");
    }
}
