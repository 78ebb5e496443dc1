//! Statements that do something else when they are confined to a range.

use crate::check::context::FileContext;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::plan::job::Refusal;
use crate::statement::{Name, Obstacle};

pub(super) static RULE: Rule = Rule {
    id: "data-batch-changes-meaning",
    summary: "in ranges of a key, the statement does something else than as a whole",
    page: include_str!("data_batch_changes_meaning.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let Some(Refusal::Meaning(walk)) = around.uncuttable() else {
        return Vec::new();
    };
    let found = walk.obstacles.iter().map(|(obstacle, span)| {
        let (why, help) = words(*obstacle, &walk.table);
        let what = format!(
            "in ranges of {}, this statement does something else than as a whole",
            walk.table
        );
        (span.clone(), Message::new(what, why, help))
    });
    let mut found: Vec<SpannedMessage> = found.collect();
    // Several reasons at one place are one mistake.
    found.dedup_by(|one, other| one.0 == other.0);
    found
}

/// Why a range changes the meaning, and what to write instead.
fn words(obstacle: Obstacle, table: &Name) -> (String, String) {
    let per_row = "compute the value for each row, in a subquery: `SELECT u.id, (SELECT count(*) FROM ... WHERE \
                   ... = u.id) FROM ... AS u`, and walk the table of these rows";
    let (why, help): (&str, &str) = match obstacle {
        Obstacle::Grouped => (
            "rows of one group can be in several ranges, and each range would write a part of the group",
            per_row,
        ),
        Obstacle::Aggregated => (
            "an aggregate function would see the rows of one range, not all rows",
            per_row,
        ),
        Obstacle::Distinct => (
            "DISTINCT removes duplicates within a range, not those of different ranges",
            "remove DISTINCT, and let `ON CONFLICT DO NOTHING` skip what a unique index has already",
        ),
        Obstacle::Windowed => (
            "a window function would see the rows of one range, not all rows",
            "compute the value for each row, in a subquery that does not depend on the range",
        ),
        Obstacle::Limited => (
            "LIMIT and OFFSET would count the rows of each range again",
            "remove them: `batch` sets the number of rows. A statement that limits itself, and whose WHERE excludes \
             finished rows, needs no columns: write `-- onward: batch 1000`",
        ),
        Obstacle::Combined => (
            "UNION, INTERSECT and EXCEPT combine several queries, and a range confines one of them",
            "write a data migration for each of the queries",
        ),
        Obstacle::Nullable => (
            "the outer join fills its columns with nulls, and a range removes these rows",
            "walk the table on the other side of the join: name the columns of its key",
        ),
        Obstacle::Sampled => (
            "TABLESAMPLE would select other rows for each range",
            "select the rows by a condition",
        ),
        Obstacle::SkipsLocked => (
            "SKIP LOCKED leaves out the rows that another session has locked, and their range does not come again",
            "remove SKIP LOCKED: a batch that waits too long for a lock is tried again",
        ),
        Obstacle::Recursive => (
            "a query of WITH RECURSIVE starts from all rows, and a range would cut off what they lead to",
            "write the result of the recursion into a table first, or do the work in Rust: `-- onward: in rust`",
        ),
        Obstacle::NamedTwice => (
            "the query of WITH is named twice, and a range confines it at both places: pairs of rows from different \
             ranges would be lost",
            "write the query at each of the two places",
        ),
        Obstacle::Unconfined => (
            "the change of rows in WITH is not confined to a range, and would run as a whole with every batch",
            "move it into a data migration of its own",
        ),
        Obstacle::BySource => (
            "WHEN NOT MATCHED BY SOURCE means all rows for which the source has none, also those whose source is in \
             another range",
            "move this action into a data migration of its own: an UPDATE or DELETE with NOT EXISTS",
        ),
        Obstacle::Cursor => (
            "WHERE CURRENT OF means one row of a cursor, which no batch has",
            "select the rows by a condition",
        ),
        Obstacle::Hidden => (
            "the range names the key through the table, and an alias hides its name or its columns here, or a column \
             is written with its schema",
            "remove the alias of the join or the list of columns behind the alias, and write columns as `alias.column`; \
             in a MERGE, write a join as a query in parentheses",
        ),
    };
    (why.to_owned(), help.replace("<table>", &table.to_string()))
}
