static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/all_categories");

fn main() {
    assert_eq!(PLAN.schema(), "all_categories");
    let names = |migrations: &[&'static str]| migrations.join(" ");
    assert_eq!(names(&PLAN.startup().iter().map(|m| m.name()).collect::<Vec<_>>()), "001_items.sql 002_items_title_idx.sql");
    assert_eq!(PLAN.seed().len(), 1);
    assert_eq!(PLAN.release()[0].requires()[0].to_string(), "DM001");
    let onward::plan::Job::Ranges(ranges) = PLAN.data()[0].kind().job else { panic!("one transaction") };
    assert_eq!((ranges.rows, ranges.keys[0].column), (1000, "id"));
    assert!(PLAN.to_string().contains("release, by an operator"));
}
