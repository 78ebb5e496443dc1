//! The module that fault tests migrate: tables, functions, indexes that are built concurrently, seeds.

use std::sync::LazyLock;

use onward::plan::{IndexBuild, Migration, Statement, Step};
use onward::{Plan, kind};

/// The folder `tests/fixtures/harbor`, with [two indexes](with_two_indexes) in one of its files.
pub static HARBOR: LazyLock<Plan> = LazyLock::new(|| {
    const FOLDER: Plan = onward::embed_migrations!("tests/fixtures/harbor");
    with_two_indexes(&FOLDER)
});

/// The plan with a second index in the file 005, before the existing one.
///
/// The folder has one index in that file, so this builds the step with two of them. Called once for a
/// folder: the plan is never freed.
pub fn with_two_indexes(plan: &Plan) -> Plan {
    let replaced = plan.startup().iter().map(|file| match file.name() {
        "005_ships_berth_once.sql" => two_indexes(file),
        _ => *file,
    });
    Plan::__new(
        plan.schema(),
        plan.folder(),
        "tests/0",
        plan.digest().0,
        plan.lock(),
        replaced.collect::<Vec<_>>().leak(),
        plan.seed(),
        plan.release(),
        plan.data(),
    )
}

fn two_indexes(file: &Migration<kind::Startup>) -> Migration<kind::Startup> {
    let text = "CREATE INDEX CONCURRENTLY cargo_tons_idx ON harbor.cargo (tons)";
    let tons = Step::BuildIndex(IndexBuild::__new(
        Statement::__new(text, 1, 1),
        ["cargo_tons_idx", "harbor", "cargo"],
        ["CREATE INDEX CONCURRENTLY ", " ON ", " (tons)"],
    ));
    let steps = vec![tons, *file.step()];
    let statements: Vec<_> = steps.iter().flat_map(Step::statements).copied().collect();
    let step = Step::Sequence {
        statements: statements.leak(),
        steps: steps.leak(),
    };
    Migration::__new(5, file.name(), file.checksum().0, &[], step, kind::Startup)
}
