//! Who stands in the way.

use std::fmt;
use std::time::Duration;

use tokio_postgres::SimpleQueryMessage;

use crate::session::row::{parsed, row, text};

/// A session that holds what a run waits for.
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
    /// What the session calls itself.
    pub application_name: String,
    /// The session's role, when ours may see it.
    pub role: Option<String>,
    /// What the run waits for.
    pub kind: BlockerKind,
    /// On what, when it is a table: its name, or several.
    pub relation: Option<String>,
    /// What the session is doing, in the server's words: `active`, `idle in transaction`. Like the
    /// ages, only the session's own role, superusers and members of `pg_read_all_stats` may see it.
    pub state: Option<String>,
    /// For how long its present query has been running; when it is idle, since when the last one began.
    pub query_age: Option<Duration>,
    /// For how long its transaction has been open.
    pub transaction_age: Option<Duration>,
}

/// What a session holds.
///
/// ```
/// fn is_stranger(blocker: &onward::Blocker) -> bool {
///     blocker.kind == onward::BlockerKind::Hashtext
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlockerKind {
    /// Onward's own key: another run is at work.
    Onward,
    /// The plain `hashtext('<schema>')`, which any application may lock.
    Hashtext,
    /// The table that an index is built on.
    IndexBuild,
    /// A table that a migration names.
    Session,
    /// The same, and it is an autovacuum, which gives way to whoever waits for long enough.
    Autovacuum,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}", self.pid)?;
        if !self.application_name.is_empty() {
            write!(f, " `{}`", self.application_name)?;
        }
        if let Some(role) = &self.role {
            write!(f, " of role `{role}`")?;
        }
        if let Some(state) = &self.state {
            write!(f, ", {state}")?;
        }
        if let Some(age) = self.query_age {
            write!(f, " for {age:.1?}")?;
        }
        if let Some(age) = self.transaction_age {
            write!(f, " in a transaction of {age:.1?}")?;
        }
        match self.kind {
            BlockerKind::Onward => Ok(()),
            BlockerKind::Hashtext => {
                f.write_str(", which is no onward: it locked hashtext of the schema's name")
            }
            BlockerKind::IndexBuild => f.write_str(", which builds an index or vacuums"),
            BlockerKind::Session => write!(f, ", which uses {}", self.relation()),
            BlockerKind::Autovacuum => write!(f, ", an autovacuum of {}", self.relation()),
        }
    }
}

impl Blocker {
    fn relation(&self) -> &str {
        self.relation.as_deref().unwrap_or("a table")
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

pub(crate) fn advice(blockers: &[Blocker]) -> String {
    if blockers.is_empty() {
        return "Nobody holds it at this moment: run again".to_owned();
    }
    let blockers: Vec<_> = blockers.iter().map(Blocker::to_string).collect();
    [
        "It is held by ",
        &blockers.join(" and "),
        ": wait for it or end it, then run again",
    ]
    .concat()
}
