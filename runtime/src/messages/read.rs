//! The messages that read a ledger.

use super::functions;
use crate::ledger::task::tasks;
use crate::plan::Plan;
use crate::plan::version::Category;
use crate::sql::{Fragment, fill};

/// The message that reads a module's ledger.
pub(crate) fn read(plan: &Plan, role: &str) -> String {
    let genesis = genesis(plan);
    fill(
        include_str!("../sql/read.sql"),
        &[
            ("role", Fragment::Trusted(role)),
            ("schema", Fragment::Identifier(plan.schema())),
            ("genesis", Fragment::Text(&genesis)),
            ("link", Fragment::Trusted(include_str!("../sql/link.sql"))),
            (
                "log",
                Fragment::NameText(&[plan.schema(), "schema_migration_log"]),
            ),
            ("functions", Fragment::Digest(functions(plan))),
        ],
    )
}

/// The first look of a run: whether there is anything to do, in one row. Its length grows with the seeds
/// only.
pub(crate) fn fast_path(plan: &Plan, role: &str) -> String {
    let all = tasks(plan);
    let last = |category| {
        let last = all.iter().rfind(|task| task.version.category() == category);
        last.map(|task| task.version.to_string())
            .unwrap_or_default()
    };
    let seeds: Vec<_> = all
        .iter()
        .filter(|task| task.version.category() == Category::Seed)
        .map(|task| format!("{} {}", task.version, task.checksum))
        .collect();
    let genesis = genesis(plan);
    let link = include_str!("../sql/link.sql");
    fill(
        include_str!("../sql/fast_path.sql"),
        &[
            ("role", Fragment::Trusted(role)),
            ("schema", Fragment::Identifier(plan.schema())),
            ("genesis", Fragment::Text(&genesis)),
            ("link", Fragment::Trusted(link)),
            ("startup", Fragment::Text(&last(Category::Startup))),
            ("seed", Fragment::Text(&last(Category::Seed))),
            ("release", Fragment::Text(&last(Category::Release))),
            ("data", Fragment::Text(&last(Category::Data))),
            ("seeds", Fragment::Text(&seeds.join(","))),
        ],
    )
}

/// What the chain of an empty ledger is the digest of.
pub(crate) fn genesis(plan: &Plan) -> String {
    ["onward/v1/", plan.schema()].concat()
}
