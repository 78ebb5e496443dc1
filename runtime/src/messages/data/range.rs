//! The range of a batch: how it is found, and how the statement gets it.

use super::tenants;
use crate::ledger::data::Progress;
use crate::plan::{Key, Ranges};
use crate::sql::{Fragment, fill};

/// The steps of PL/pgSQL that find a range and run the statement on it.
pub(super) struct Range {
    pub(super) declare: String,
    /// Finds the range behind the cursor.
    pub(super) find: String,
    /// Runs the statement on it.
    pub(super) run: String,
    /// How many rows of the table that was, as SQL; those of a full batch when there is none.
    pub(super) looked: Option<&'static str>,
}

impl Range {
    pub(super) fn new(schema: &str, ranges: &Ranges, progress: &Progress, size: u32) -> Self {
        if let Some(tenants) = &ranges.tenants {
            return tenants::range(schema, ranges, tenants, size);
        }
        let has_lower = progress.position.is_some();
        let keys = ranges.keys;
        let declare = ["lower", "goal", "upper"].map(|name| declare(name, keys));
        let lower = match has_lower {
            true => assign("lower", "job.position", keys),
            false => String::new(),
        };
        let list = |names: [&str; 2]| names.map(|name| listed(name, keys)).join(", ");
        let find = fill(
            include_str!("../../sql/data/range.sql"),
            &[
                ("lower", Fragment::Trusted(&lower)),
                ("last", Fragment::Trusted(&assign("goal", "job.goal", keys))),
                ("next", Fragment::Code(&ranges.end_of_next(has_lower, size))),
                (
                    "bounds",
                    Fragment::Trusted(&[" USING ", &list(["lower", "goal"])].concat()),
                ),
                ("upper", Fragment::Trusted(&assign("upper", "upto", keys))),
            ],
        );
        let using = [" USING ", &list(["lower", "upper"])].concat();
        Self {
            declare: declare.concat(),
            find,
            run: run(schema, &ranges.statement(has_lower), &using),
            looked: None,
        }
    }
}

/// Runs a statement, with values for its parameters.
pub(super) fn run(schema: &str, statement: &str, using: &str) -> String {
    fill(
        include_str!("../../sql/data/run.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("statement", Fragment::Code(statement)),
            ("using", Fragment::Trusted(using)),
        ],
    )
}

pub(super) fn variables(name: &str, keys: &[Key]) -> Vec<String> {
    (1..=keys.len())
        .map(|number| format!("{name}_{number}"))
        .collect()
}

pub(super) fn listed(name: &str, keys: &[Key]) -> String {
    variables(name, keys).join(", ")
}

pub(super) fn declare(name: &str, keys: &[Key]) -> String {
    let all = variables(name, keys).into_iter().zip(keys);
    all.map(|(variable, key)| format!("  {variable} {};\n", key.data_type))
        .collect()
}

/// Takes the values out of a JSON array.
pub(super) fn assign(name: &str, from: &str, keys: &[Key]) -> String {
    assign_from(0, name, from, keys)
}

/// The same from a later place on.
pub(super) fn assign_from(first: usize, name: &str, from: &str, keys: &[Key]) -> String {
    let all = variables(name, keys).into_iter().zip(keys).enumerate();
    all.map(|(n, (variable, key))| {
        let place = first.saturating_add(n);
        format!("  {variable} := ({from} ->> {place})::{};\n", key.data_type)
    })
    .collect()
}

impl Ranges {
    /// The query for the key of the last row of the next batch, as the worker sends it. Its parameters are those of
    /// [`condition`](Self::condition) with the last row of the table in the place of that of the batch; a batch of a
    /// tenant has no upper bound.
    ///
    /// ```
    /// fn print(ranges: &onward::plan::Ranges) {
    ///     println!("{}", ranges.end_of_next(true, ranges.rows));
    /// }
    /// ```
    // It reads the unique index of the keys, and only that. The key is written as JSON outside: PostgreSQL computes
    // what a query returns for the rows before its OFFSET too, which took a third of the time of a batch of 10 000
    // rows.
    #[must_use]
    pub fn end_of_next(&self, has_lower: bool, rows: u32) -> String {
        let columns = columns(self.keys, "");
        let condition = self.bounded("walked", has_lower, self.tenants.is_none());
        let offset = i64::from(rows.saturating_sub(1));
        fill(
            include_str!("../../sql/data/next.sql"),
            &[
                ("columns", Fragment::Trusted(&columns)),
                ("table", Fragment::Trusted(&table(self))),
                ("condition", Fragment::Trusted(&condition)),
                ("offset", Fragment::Integer(offset)),
            ],
        )
    }
}

/// The query for the last row of the table, or of a part of it.
pub(super) fn last(ranges: &Ranges, condition: &str) -> String {
    let condition = match condition {
        "" => String::new(),
        condition => [" WHERE ", condition].concat(),
    };
    fill(
        include_str!("../../sql/data/last.sql"),
        &[
            ("keys", Fragment::Trusted(&columns(ranges.keys, ""))),
            ("table", Fragment::Trusted(&table(ranges))),
            ("condition", Fragment::Trusted(&condition)),
            ("down", Fragment::Trusted(&columns(ranges.keys, " DESC"))),
        ],
    )
}

/// The steps that find where a pass ends.
pub(super) fn goal(schema: &str, ranges: &Ranges) -> String {
    if let Some(tenants) = &ranges.tenants {
        return tenants::goal(schema, ranges, tenants);
    }
    fill(
        include_str!("../../sql/data/goal.sql"),
        &[("last", Fragment::Code(&last(ranges, "")))],
    )
}

pub(super) fn table(ranges: &Ranges) -> String {
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
