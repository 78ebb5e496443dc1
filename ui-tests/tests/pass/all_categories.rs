static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/all_categories");

fn main() {
    assert_eq!(PLAN.schema(), "all_categories");
    let names = |migrations: &[&'static str]| migrations.join(" ");
    assert_eq!(names(&PLAN.startup().iter().map(|m| m.name()).collect::<Vec<_>>()), "001_items.sql 002_items_title_idx.sql");
    assert_eq!(PLAN.seed().len(), 1);
    assert_eq!(PLAN.release()[0].requires()[0].to_string(), "DM001");
    assert_eq!(PLAN.data()[0].kind().batch.map(|batch| batch.rows), Some(1000));
    assert!(PLAN.to_string().contains("release, by an operator"));
}
