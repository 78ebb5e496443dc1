use onward::plan::Step;

const PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/two_indexes");

fn main() {
    let step = PLAN.startup()[1].step();
    assert!(matches!(step, Step::Sequence { steps: [Step::BuildIndex(_), Step::BuildIndex(_)], .. }));
    assert_eq!(step.statements().len(), 2);
}
