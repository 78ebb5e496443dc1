//! The sessions in the way of a run.

use std::fmt;
use std::time::Duration;

use tokio_postgres::SimpleQueryMessage;

use crate::session::row::{parsed, row, text};

/// A session that holds a lock which a run waits for.
///
/// ```
/// fn end(blocker: &onward::Blocker) -> String {
///     format!("SELECT pg_terminate_backend({})", blocker.pid)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blocker {
    /// The server process.
    pub pid: i32,
    /// The name that the session has given itself.
    pub application_name: String,
    /// The session's role, when ours may see it.
    pub role: Option<String>,
    /// What kind of session it is, and what it holds.
    pub kind: BlockerKind,
    /// The table that it has locked, or several; for a partition its own name.
    pub relation: Option<String>,
    /// What the session is doing, in the server's words: `active`, `idle in transaction`. Like the
    /// ages, only the session's own role, superusers and members of `pg_read_all_stats` may see it.
    pub state: Option<String>,
    /// For how long its present query has been running; when it is idle, since when the last one began.
    pub query_age: Option<Duration>,
    /// For how long its transaction has been open.
    pub transaction_age: Option<Duration>,
}

/// What kind of session is in the way.
///
/// ```
/// fn is_no_run(blocker: &onward::Blocker) -> bool {
///     blocker.kind == onward::BlockerKind::Hashtext
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockerKind {
    /// Another run: it holds the module's migration lock.
    Onward,
    /// Not a run: it holds the advisory lock `hashtext('<schema>')`, which any application may take.
    Hashtext,
    /// It builds an index on the table, or vacuums it.
    IndexBuild,
    /// It holds a lock that conflicts with one that the migration takes.
    Session,
    /// The same, and it is an autovacuum: the server cancels it for a session that waits long enough.
    Autovacuum,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}", self.pid)?;
        if !self.application_name.is_empty() {
            write!(f, " `{}`", self.application_name)?;
        }
        let role = self.role.as_ref().map(|role| format!("role {role}"));
        let state = self.state.as_ref().map(|state| match self.query_age {
            Some(age) => format!("{state} for {age:.1?}"),
            None => state.clone(),
        });
        let transaction = self
            .transaction_age
            .map(|age| format!("transaction open for {age:.1?}"));
        let known: Vec<_> = [role, state, transaction].into_iter().flatten().collect();
        if !known.is_empty() {
            write!(f, " ({})", known.join(", "))?;
        }
        let relation = self.relation.as_deref().unwrap_or("a table");
        match self.kind {
            BlockerKind::Onward => f.write_str(", another onward run"),
            BlockerKind::Hashtext => f.write_str(
                ", not an onward run: it holds the advisory lock on hashtext of the schema's name",
            ),
            BlockerKind::IndexBuild => {
                write!(f, ", which builds an index on {relation} or vacuums it")
            }
            BlockerKind::Session => write!(f, ", which holds a lock on {relation}"),
            BlockerKind::Autovacuum => write!(f, ", an autovacuum of {relation}"),
        }
    }
}

/// The sessions that an answer names.
pub(crate) fn blockers(answer: &[SimpleQueryMessage]) -> Vec<Blocker> {
    let age = |row, column| parsed(row, column).map(Duration::from_millis);
    answer
        .iter()
        .filter_map(row)
        .filter_map(|row| {
            Some(Blocker {
                pid: parsed(row, "pid")?,
                application_name: parsed(row, "application").unwrap_or_default(),
                role: parsed(row, "role"),
                kind: match text(row, "kind")? {
                    "onward" => BlockerKind::Onward,
                    "index build" => BlockerKind::IndexBuild,
                    "session" => BlockerKind::Session,
                    "autovacuum" => BlockerKind::Autovacuum,
                    _ => BlockerKind::Hashtext,
                },
                relation: parsed(row, "relation"),
                state: parsed(row, "state"),
                query_age: age(row, "query_ms"),
                transaction_age: age(row, "transaction_ms"),
            })
        })
        .collect()
}

/// What to do about the sessions in the way.
pub(crate) fn advice(blockers: &[Blocker]) -> String {
    if blockers.is_empty() {
        return "The blocking session has gone: start again".to_owned();
    }
    let named: Vec<_> = blockers.iter().map(Blocker::to_string).collect();
    let ends: Vec<_> = blockers
        .iter()
        .map(|blocker| {
            [
                "`SELECT pg_terminate_backend(",
                &blocker.pid.to_string(),
                ")`",
            ]
            .concat()
        })
        .collect();
    [
        "Blocked by ",
        &named.join(" and by "),
        ". Wait, or run ",
        &ends.join(" and "),
        ", then start again",
    ]
    .concat()
}
