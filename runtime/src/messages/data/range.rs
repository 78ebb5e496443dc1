//! The range of a batch: how it is found, and how the statement gets it.

use crate::ledger::data::Progress;
use crate::plan::{Key, Ranges};
use crate::sql::{Fragment, fill};

/// The variables of a range, and how they get their values.
pub(super) struct Range {
    pub(super) has_lower: bool,
    pub(super) declare: String,
    pub(super) find: String,
    pub(super) using: String,
}

impl Range {
    pub(super) fn new(ranges: &Ranges, progress: &Progress, size: u32) -> Self {
        let has_lower = progress.position.is_some();
        let keys = ranges.keys;
        let declare = ["lower", "goal", "upper"].map(|name| declare(name, keys));
        let lower = match has_lower {
            true => assign("lower", "job.position", keys),
            false => String::new(),
        };
        let list = |names: [&str; 2]| {
            names
                .map(|name| variables(name, keys).join(", "))
                .join(", ")
        };
        let find = fill(
            include_str!("../../sql/data/range.sql"),
            &[
                ("lower", Fragment::Trusted(&lower)),
                ("last", Fragment::Trusted(&assign("goal", "job.goal", keys))),
                ("next", Fragment::Code(&next(ranges, has_lower, size))),
                (
                    "bounds",
                    Fragment::Trusted(&[" USING ", &list(["lower", "goal"])].concat()),
                ),
                ("upper", Fragment::Trusted(&assign("upper", "upto", keys))),
            ],
        );
        Self {
            has_lower,
            declare: declare.concat(),
            find,
            using: [" USING ", &list(["lower", "upper"])].concat(),
        }
    }
}

pub(super) fn variables(name: &str, keys: &[Key]) -> Vec<String> {
    (1..=keys.len())
        .map(|number| format!("{name}_{number}"))
        .collect()
}

pub(super) fn declare(name: &str, keys: &[Key]) -> String {
    let all = variables(name, keys).into_iter().zip(keys);
    all.map(|(variable, key)| format!("  {variable} {};\n", key.data_type))
        .collect()
}

/// Takes the values out of a JSON array.
pub(super) fn assign(name: &str, from: &str, keys: &[Key]) -> String {
    let all = variables(name, keys).into_iter().zip(keys).enumerate();
    all.map(|(n, (variable, key))| {
        format!("  {variable} := ({from} ->> {n})::{};\n", key.data_type)
    })
    .collect()
}

/// The query for the last row of the next batch: on the unique index of the keys, and only on it. Its key is written
/// as JSON outside: PostgreSQL computes what a query returns for the rows before its OFFSET too, which took a third of
/// the time of a batch of 10 000 rows.
fn next(ranges: &Ranges, has_lower: bool, size: u32) -> String {
    let walked = Ranges {
        alias: "walked",
        ..*ranges
    };
    let columns = columns(ranges.keys, "");
    let offset = i64::from(size.saturating_sub(1));
    fill(
        include_str!("../../sql/data/next.sql"),
        &[
            ("columns", Fragment::Trusted(&columns)),
            ("table", Fragment::Trusted(&table(ranges))),
            ("condition", Fragment::Trusted(&walked.condition(has_lower))),
            ("offset", Fragment::Integer(offset)),
        ],
    )
}

/// The query for the last row of the table.
pub(super) fn last(ranges: &Ranges) -> String {
    fill(
        include_str!("../../sql/data/last.sql"),
        &[
            ("keys", Fragment::Trusted(&columns(ranges.keys, ""))),
            ("table", Fragment::Trusted(&table(ranges))),
            ("down", Fragment::Trusted(&columns(ranges.keys, " DESC"))),
        ],
    )
}

fn table(ranges: &Ranges) -> String {
    fill(
        "{{schema}}.{{name}}",
        &[
            ("schema", Fragment::Identifier(ranges.table.schema)),
            ("name", Fragment::Identifier(ranges.table.name)),
        ],
    )
}

fn columns(keys: &[Key], direction: &str) -> String {
    let all: Vec<_> = keys
        .iter()
        .map(|key| {
            fill(
                "walked.{{column}}{{direction}}",
                &[
                    ("column", Fragment::Identifier(key.column)),
                    ("direction", Fragment::Trusted(direction)),
                ],
            )
        })
        .collect();
    all.join(", ")
}
