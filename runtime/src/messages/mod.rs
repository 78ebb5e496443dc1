//! The messages that are sent, put together from their parts. Pure.

pub(crate) mod build_name;
pub(crate) mod data;
mod first_look;
pub(crate) mod group_commit;
pub(crate) mod lock_attempt;
mod locks;
mod non_transactional;
mod operator;
mod read;
mod write;

use std::time::Duration;

pub(crate) use self::first_look::fast_path;
use self::locks::{conflicting_locks, wanted_locks};
pub(crate) use self::non_transactional::{
    build_index, build_plainly, drop_index, drop_plainly, finish_detach, is_gone, leftovers,
    name_is_free, other_meaning, probe_build, probe_detach, probe_drop, publish,
};
pub(crate) use self::operator::{end_holder, holders, signs};
pub(crate) use self::read::{limit, read};
pub(crate) use self::write::{
    Line, Write, adopt, bootstrap, first_head, flush, functions, renew_ledger, write,
};
use crate::ledger::batch::Batch;
use crate::ledger::task::Task;
use crate::messages::lock_attempt::LockAttempt;
use crate::plan::{IndexBuild, Plan, Statement};
use crate::session::role::Role;
use crate::sql::{Fragment, execute_each, fill};

/// What all messages of a run have in common.
#[derive(Clone, Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) plan: &'a Plan,
    /// A `SET LOCAL ROLE`, or nothing.
    pub(crate) role: &'a str,
    /// By which a run knows its own lines.
    pub(crate) run: &'a str,
    /// What the lines of this run belong to, when it applies release migrations.
    pub(crate) batch: Option<Batch>,
    /// Why an operator has its lines written; otherwise they name the build.
    pub(crate) because: Option<&'a str>,
    /// Whether the ledger has the functions of this version.
    pub(crate) has_functions: bool,
    /// Whether its head has room for a summary.
    pub(crate) has_summary: bool,
}

impl<'a> Frame<'a> {
    fn lock(&self) -> Vec<(&'static str, Fragment<'a>)> {
        lock(self.plan)
    }
}

/// How long a message may take on the server; `None` is without limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) attempt: LockAttempt,
    pub(crate) statement_timeout: Option<Duration>,
}

impl Limits {
    /// Of a message that only reads, which needs no lock of its own.
    pub(crate) const fn reading(statement_timeout: Duration) -> Self {
        Self {
            attempt: LockAttempt {
                lock_timeout: statement_timeout,
                probe: None,
                past_deadlock: false,
                turn: 0,
            },
            statement_timeout: Some(statement_timeout),
        }
    }
}

/// Ends the transaction that [`begin`] opens.
const COMMIT: Fragment<'static> = Fragment::Trusted(include_str!("../sql/commit.sql"));

/// The settings of a transaction, which begins with the message.
fn begin(frame: &Frame<'_>, limits: Limits) -> String {
    let mut begin = fill(
        include_str!("../sql/begin.sql"),
        &[
            ("role", Fragment::Trusted(frame.role)),
            (
                "lock_timeout",
                milliseconds(Some(limits.attempt.lock_timeout)),
            ),
            ("statement_timeout", milliseconds(limits.statement_timeout)),
        ],
    );
    if limits.attempt.past_deadlock {
        begin.push_str(include_str!("../sql/past_deadlock.sql"));
    }
    begin
}

/// Whether old and new columns differ in a row. Read only, and no lock is held behind it.
pub(crate) fn differs(frame: &Frame<'_>, limits: Limits, rows: &str) -> String {
    fill(
        include_str!("../sql/differs.sql"),
        &[
            ("begin", Fragment::Trusted(&begin(frame, limits))),
            ("schema", Fragment::Identifier(frame.plan.schema())),
            ("rows", Fragment::Trusted(rows)),
        ],
    )
}

/// To the server 0 means no limit at all, so what is nearly over still gets a millisecond.
fn milliseconds(limit: Option<Duration>) -> Fragment<'static> {
    let limit = limit.map_or(0, |limit| limit.as_millis().clamp(1, i32::MAX as u128));
    Fragment::Integer(i64::try_from(limit).unwrap_or(i64::MAX))
}

/// `SET LOCAL ROLE`, or nothing when the login works as itself.
pub(crate) fn as_role(role: Option<&Role>) -> String {
    role.map_or_else(String::new, |role| {
        fill(
            include_str!("../sql/role.sql"),
            &[("name", Fragment::Identifier(role.as_str()))],
        )
    })
}

/// Which names a GRANT needs.
pub(crate) const WHO: &str =
    "SELECT current_user AS who, pg_catalog.current_database() AS database";

/// Asks for the lock of the session, without waiting.
pub(crate) fn lead(plan: &Plan) -> String {
    fill(include_str!("../sql/lead.sql"), &lock(plan))
}

pub(crate) fn lock_holders(plan: &Plan) -> String {
    fill(include_str!("../sql/lock_holders.sql"), &lock(plan))
}

/// The module's two keys.
fn lock(plan: &Plan) -> Vec<(&'static str, Fragment<'static>)> {
    let (high, low) = plan.lock();
    vec![
        ("high", Fragment::Integer(high.into())),
        ("low", Fragment::Integer(low.into())),
        ("name", Fragment::Text(plan.schema())),
    ]
}

/// Only how many lines there are; asked behind a look, which has found that the ledger is a run's.
pub(crate) fn head(plan: &Plan, role: &str) -> String {
    fill(
        include_str!("../sql/head.sql"),
        &[
            ("role", Fragment::Trusted(role)),
            ("schema", Fragment::Identifier(plan.schema())),
        ],
    )
}

/// The sessions that are in the way of a migration's locks.
pub(crate) fn blockers(task: &Task) -> String {
    let locks = wanted_locks(task.step.statements());
    let conflicting = conflicting_locks(Fragment::Texts(&locks));
    fill(
        include_str!("../sql/blockers.sql"),
        &[("conflicting", Fragment::Trusted(&conflicting))],
    )
}

pub(crate) fn foreign_objects(plan: &Plan) -> String {
    fill(
        include_str!("../sql/foreign.sql"),
        &[("objects", Fragment::Trusted(&objects(plan)))],
    )
}

/// The query for everything that is in a schema before a ledger is.
fn objects(plan: &Plan) -> String {
    fill(
        include_str!("../sql/objects.sql"),
        &[("quoted", Fragment::NameText(&[plan.schema()]))],
    )
}

/// The lines of the ledger, as they are.
pub(crate) fn history(plan: &Plan) -> String {
    fill(
        include_str!("../sql/history.sql"),
        &[("schema", Fragment::Identifier(plan.schema()))],
    )
}

/// Which other roles may write to the ledger.
pub(crate) fn writers(plan: &Plan) -> String {
    fill(
        include_str!("../sql/writers.sql"),
        &[("quoted", Fragment::NameText(&[plan.schema()]))],
    )
}

pub(crate) fn builders(build: &IndexBuild) -> String {
    fill(
        include_str!("../sql/builders.sql"),
        &[("table", Fragment::NameText(&[build.schema, build.table]))],
    )
}

/// The body of a transaction: the statements, with the module's schema first on the path.
pub(crate) fn body(plan: &Plan, statements: &[Statement]) -> String {
    body_of(plan, statements.iter().map(|statement| statement.sql))
}

/// The same for a statement that may run in a transaction because no session uses its table yet.
pub(crate) fn body_of<'a>(plan: &Plan, statements: impl IntoIterator<Item = &'a str>) -> String {
    let block = execute_each(statements);
    fill(
        include_str!("../sql/body.sql"),
        &[
            ("schema", Fragment::Identifier(plan.schema())),
            ("block", Fragment::Trusted(&block)),
        ],
    )
}

/// The body of a transaction that runs a statement which limits itself until it finds no row.
pub(crate) fn until_dry(plan: &Plan, statement: &Statement) -> String {
    fill(
        include_str!("../sql/until_dry.sql"),
        &[
            ("schema", Fragment::Identifier(plan.schema())),
            ("statement", Fragment::Code(statement.sql)),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::group_commit::Commit;
    use super::*;
    use crate::ledger::entry::LedgerEvent;
    use crate::ledger::head::Head;
    use crate::plan::checksum::Checksum;
    use crate::plan::version::{Category, Version};
    use crate::plan::{RelationName, Step};

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
        attempt: LockAttempt {
            lock_timeout: Duration::from_secs(2),
            probe: Some(Duration::from_millis(20)),
            past_deadlock: true,
            turn: 1,
        },
        statement_timeout: None,
    };
    const FRAME: Frame<'static> = Frame {
        plan: &PLAN,
        role: "SET LOCAL ROLE a;",
        run: "r",
        batch: None,
        because: None,
        has_functions: true,
        has_summary: true,
    };
    const OLDER: Frame<'static> = Frame {
        has_functions: false,
        ..FRAME
    };
    const STATEMENT: Statement = Statement::__new("CREATE INDEX CONCURRENTLY i ON t (x)", 1, 1);
    const BUILD: IndexBuild = IndexBuild::__new(
        STATEMENT,
        ["i", "auth", "t"],
        ["CREATE INDEX CONCURRENTLY ", " ON ", " (x)"],
    );
    const ORDERS: RelationName = RelationName {
        schema: "s",
        name: "orders",
    };
    const STEP: &Step = &Step::BuildIndex(BUILD);

    fn task() -> Task {
        Task {
            version: Version::__new(Category::Startup, 1),
            name: "001_i.sql",
            checksum: Checksum([1; 32]),
            requires: &[],
            step: STEP,
            part: None,
        }
    }

    #[test]
    fn no_message_has_a_hole() {
        let task = task();
        let line = Line {
            event: LedgerEvent::Applied,
            task: &task,
            attempt: 1,
            checksum: task.checksum,
        };
        let head = Head {
            seq: 3,
            chain: Checksum([2; 32]),
        };
        let body = body(&PLAN, &[STATEMENT]);
        let writes = &[Write { line, body: &body }];
        for message in [
            write(&FRAME, LIMITS, Commit::Deferred, head, 1, writes),
            write(&OLDER, LIMITS, Commit::Last, head, 0, writes),
            flush(None),
            renew_ledger(&PLAN),
            bootstrap(&FRAME, LIMITS),
            super::read(&PLAN, "", &limit(LIMITS)),
            fast_path(&PLAN, "SET LOCAL ROLE a;\n", LIMITS),
            lead(&PLAN),
            super::head(&PLAN, ""),
            writers(&PLAN),
            blockers(&task),
            foreign_objects(&PLAN),
            lock_holders(&PLAN),
            holders(&PLAN),
            end_holder(&PLAN, 1),
            signs(&PLAN, &task),
            builders(&BUILD),
            name_is_free("auth", "i"),
            other_meaning(&PLAN, &BUILD),
            build_index(&BUILD, "p"),
            publish(&BUILD, "p"),
            probe_build(&FRAME, LIMITS, &BUILD, "p"),
            leftovers(&BUILD, &task),
            drop_index("auth", "i"),
            is_gone("auth", "i"),
            probe_detach(&FRAME, LIMITS, ORDERS, ORDERS),
            finish_detach(ORDERS, ORDERS),
            probe_drop(&FRAME, LIMITS, "auth", "i"),
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
