use onward::plan::Step;

const PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/two_indexes");

fn main() {
    let step = PLAN.startup()[1].step();
    assert!(matches!(step, Step::Sequence { steps: [Step::BuildIndex(_), Step::BuildIndex(_)], .. }));
    assert_eq!(step.statements()[1].sql(), "CREATE INDEX CONCURRENTLY items_note_idx ON two_indexes.items (note)");
}
