//! The messages that write, put together from their parts. Pure.

use std::time::Duration;

use crate::checksum::Checksum;
use crate::entry::Event;
use crate::ledger::Head;
use crate::plan::{IndexBuild, Plan, Statement};
use crate::private;
use crate::sql::{Fragment, execute_each, fill};
use crate::task::Task;

/// What bounds a message on the server; `None` is without bound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) lock_timeout: Duration,
    pub(crate) statement_timeout: Option<Duration>,
}

/// A line that a message adds to the ledger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) event: Event,
    pub(crate) task: &'a Task,
    pub(crate) attempt: i32,
    /// Of the text that the attempt began with, which an edit may have changed since.
    pub(crate) checksum: Checksum,
}

/// The whole write: lock, compare-and-swap, body, line, commit, receipt.
pub(crate) fn write(plan: &Plan, limits: Limits, head: Head, line: Line<'_>, body: &str) -> String {
    let version = line.task.version.to_string();
    let fragments = [
        ("schema", Fragment::Identifier(plan.schema())),
        ("seq", Fragment::Integer(head.seq)),
        ("chain", Fragment::Digest(head.chain)),
        ("event", Fragment::Text(line.event.as_str())),
        (
            "category",
            Fragment::Text(line.task.version.category().as_str()),
        ),
        ("version", Fragment::Text(&version)),
        ("file", Fragment::Text(line.task.name)),
        ("attempt", Fragment::Integer(line.attempt.into())),
        ("checksum", Fragment::Digest(line.checksum)),
        ("digest", Fragment::Digest(plan.digest())),
        ("build", Fragment::Text(plan.build())),
    ];
    [
        begin(plan, limits),
        fill(include_str!("sql/claim.sql"), &fragments),
        body.to_owned(),
        fill(include_str!("sql/record.sql"), &fragments),
    ]
    .concat()
}

/// The settings and the lock; a message that begins with this ends with COMMIT.
fn begin(plan: &Plan, limits: Limits) -> String {
    let (high, low) = plan.lock();
    fill(
        include_str!("sql/begin.sql"),
        &[
            ("lock_timeout", milliseconds(Some(limits.lock_timeout))),
            ("statement_timeout", milliseconds(limits.statement_timeout)),
            ("high", Fragment::Integer(high.into())),
            ("low", Fragment::Integer(low.into())),
            ("name", Fragment::Text(plan.schema())),
        ],
    )
}

/// To the server 0 means no limit at all, so what is nearly over still gets a millisecond.
fn milliseconds(limit: Option<Duration>) -> Fragment<'static> {
    let limit = limit.map_or(0, |limit| limit.as_millis().clamp(1, i32::MAX as u128));
    Fragment::Integer(i64::try_from(limit).unwrap_or(i64::MAX))
}

pub(crate) fn bootstrap(plan: &Plan, limits: Limits) -> String {
    let schema = plan.schema();
    let genesis = ["onward/v1/", schema].concat();
    let body = fill(
        include_str!("sql/bootstrap.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("quoted", Fragment::NameText(&[schema])),
            ("log", Fragment::NameText(&[schema, "schema_migration_log"])),
            (
                "head",
                Fragment::NameText(&[schema, "schema_migration_head"]),
            ),
            ("genesis", Fragment::Text(&genesis)),
        ],
    );
    [begin(plan, limits), body].concat()
}

pub(crate) fn foreign_objects(plan: &Plan) -> String {
    fill(
        include_str!("sql/foreign.sql"),
        &[("quoted", Fragment::NameText(&[plan.schema()]))],
    )
}

pub(crate) fn holders(plan: &Plan) -> String {
    let (high, low) = plan.lock();
    fill(
        include_str!("sql/holders.sql"),
        &[
            ("high", Fragment::Integer(high.into())),
            ("low", Fragment::Integer(low.into())),
            ("name", Fragment::Text(plan.schema())),
        ],
    )
}

pub(crate) fn builders(build: &IndexBuild) -> String {
    fill(
        include_str!("sql/builders.sql"),
        &[("table", Fragment::NameText(&[build.schema, build.table]))],
    )
}

/// The body of a transaction: the statements, with the module's schema first on the path.
pub(crate) fn body(plan: &Plan, statements: &[Statement]) -> String {
    let block = execute_each(statements.iter().map(|statement| statement.sql));
    fill(
        include_str!("sql/body.sql"),
        &[
            ("schema", Fragment::Identifier(plan.schema())),
            ("block", Fragment::Trusted(&block)),
        ],
    )
}

/// Refuses to build an index whose name is taken.
pub(crate) fn name_is_free(schema: &str, index: &str) -> String {
    fill(
        include_str!("sql/name_is_free.sql"),
        &[("final", Fragment::NameText(&[schema, index]))],
    )
}

pub(crate) fn build_index(build: &IndexBuild, private: &str) -> String {
    fill(
        include_str!("sql/build_index.sql"),
        &[
            ("head", Fragment::Trusted(build.head)),
            ("built", Fragment::Identifier(private)),
            ("middle", Fragment::Trusted(build.middle)),
            ("schema", Fragment::Identifier(build.schema)),
            ("table", Fragment::Identifier(build.table)),
            ("tail", Fragment::Trusted(build.tail)),
        ],
    )
}

pub(crate) fn publish(build: &IndexBuild, private: &str) -> String {
    fill(
        include_str!("sql/publish.sql"),
        &[
            ("private", Fragment::NameText(&[build.schema, private])),
            ("schema", Fragment::Identifier(build.schema)),
            ("built", Fragment::Identifier(private)),
            ("index", Fragment::Identifier(build.index)),
        ],
    )
}

pub(crate) fn probe_build(
    plan: &Plan,
    limits: Limits,
    build: &IndexBuild,
    private: &str,
) -> String {
    let probe = fill(
        include_str!("sql/probe_build.sql"),
        &[
            ("schema", Fragment::Identifier(build.schema)),
            ("table", Fragment::Identifier(build.table)),
            ("private", Fragment::NameText(&[build.schema, private])),
        ],
    );
    [begin(plan, limits), probe].concat()
}

pub(crate) fn leftovers(build: &IndexBuild, task: &Task) -> String {
    let stem = private::stem(build.index, task.version);
    fill(
        include_str!("sql/leftovers.sql"),
        &[
            ("quoted", Fragment::NameText(&[build.schema])),
            ("stem", Fragment::Text(&stem)),
        ],
    )
}

pub(crate) fn drop_index(schema: &str, index: &str) -> String {
    fill(
        include_str!("sql/drop_index.sql"),
        &[
            ("schema", Fragment::Identifier(schema)),
            ("index", Fragment::Identifier(index)),
        ],
    )
}

pub(crate) fn is_gone(schema: &str, index: &str) -> String {
    fill(
        include_str!("sql/is_gone.sql"),
        &[("final", Fragment::NameText(&[schema, index]))],
    )
}

pub(crate) fn probe_drop(plan: &Plan, limits: Limits, schema: &str, index: &str) -> String {
    let probe = fill(
        include_str!("sql/probe_drop.sql"),
        &[("final", Fragment::NameText(&[schema, index]))],
    );
    [begin(plan, limits), probe].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::category::Category;
    use crate::plan::Step;
    use crate::version::Version;

    const PLAN: Plan = Plan::__new(
        "auth",
        "migrations/auth",
        "test/0",
        [7; 32],
        (-1, i32::MIN),
        &[],
        &[],
        &[],
        &[],
    );
    const LIMITS: Limits = Limits {
        lock_timeout: Duration::from_secs(2),
        statement_timeout: None,
    };
    const STATEMENT: Statement = Statement::__new("CREATE INDEX CONCURRENTLY i ON t (x)", 1, 1);
    const BUILD: IndexBuild = IndexBuild::__new(
        STATEMENT,
        ["i", "auth", "t"],
        ["CREATE INDEX CONCURRENTLY ", " ON ", " (x)"],
    );
    const STEP: &Step = &Step::BuildIndex(BUILD);

    fn task() -> Task {
        Task {
            version: Version::__new(Category::Startup, 1),
            name: "001_i.sql",
            checksum: Checksum([1; 32]),
            requires: &[],
            step: STEP,
        }
    }

    #[test]
    fn no_message_has_a_hole() {
        let task = task();
        let line = Line {
            event: Event::Applied,
            task: &task,
            attempt: 1,
            checksum: task.checksum,
        };
        let head = Head {
            seq: 3,
            chain: Checksum([2; 32]),
        };
        for message in [
            write(&PLAN, LIMITS, head, line, &body(&PLAN, &[STATEMENT])),
            bootstrap(&PLAN, LIMITS),
            crate::ledger::read(&PLAN),
            foreign_objects(&PLAN),
            holders(&PLAN),
            builders(&BUILD),
            name_is_free("auth", "i"),
            build_index(&BUILD, "p"),
            publish(&BUILD, "p"),
            probe_build(&PLAN, LIMITS, &BUILD, "p"),
            leftovers(&BUILD, &task),
            drop_index("auth", "i"),
            is_gone("auth", "i"),
            probe_drop(&PLAN, LIMITS, "auth", "i"),
        ] {
            assert!(
                !message.contains("{{") && !message.contains("}}"),
                "{message}"
            );
        }
    }

    #[test]
    fn an_index_is_built_under_its_private_name_on_the_qualified_table() {
        assert_eq!(
            build_index(&BUILD, "i__onward_001_1").trim_end(),
            r#"CREATE INDEX CONCURRENTLY "i__onward_001_1" ON "auth"."t" (x)"#
        );
    }

    #[test]
    fn no_limit_is_zero_to_the_server_and_a_short_one_is_not() {
        for (limit, expected) in [
            (None, 0),
            (Some(Duration::ZERO), 1),
            (Some(Duration::from_micros(1)), 1),
            (Some(Duration::from_secs(2)), 2000),
            (Some(Duration::MAX), i64::from(i32::MAX)),
        ] {
            assert!(
                matches!(milliseconds(limit), Fragment::Integer(ms) if ms == expected),
                "{limit:?}"
            );
        }
    }
}
