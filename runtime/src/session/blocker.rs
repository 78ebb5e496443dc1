//! Who stands in the way.

use std::fmt;
use std::time::Duration;

use tokio_postgres::SimpleQueryMessage;

use crate::session::row::{parsed, row, text};

/// A session that holds what a run waits for.
///
/// ```
/// fn end(holder: &onward::Holder) -> String {
///     format!("SELECT pg_terminate_backend({})", holder.pid)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// The server process.
    pub pid: i32,
    /// What the session calls itself.
    pub application_name: String,
    /// The session's role, when ours may see it.
    pub role: Option<String>,
    /// What the run waits for.
    pub holds: Held,
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
/// fn is_stranger(holder: &onward::Holder) -> bool {
///     holder.holds == onward::Held::Hashtext
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Held {
    /// Onward's own key: another run is at work.
    Onward,
    /// The plain `hashtext('<schema>')`, which any application may lock.
    Hashtext,
    /// The table that an index is built on.
    Table,
    /// A table that a migration names.
    Relation,
    /// The same, and it is an autovacuum, which gives way to whoever waits for long enough.
    Vacuum,
}

impl fmt::Display for Holder {
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
        match self.holds {
            Held::Onward => Ok(()),
            Held::Hashtext => {
                f.write_str(", which is no onward: it locked hashtext of the schema's name")
            }
            Held::Table => f.write_str(", which builds an index or vacuums"),
            Held::Relation => write!(f, ", which uses {}", self.relation()),
            Held::Vacuum => write!(f, ", an autovacuum of {}", self.relation()),
        }
    }
}

impl Holder {
    fn relation(&self) -> &str {
        self.relation.as_deref().unwrap_or("a table")
    }
}

/// The sessions that an answer names.
pub(crate) fn holders(answer: &[SimpleQueryMessage]) -> Vec<Holder> {
    let age = |row, column| parsed(row, column).map(Duration::from_millis);
    answer
        .iter()
        .filter_map(row)
        .filter_map(|row| {
            Some(Holder {
                pid: parsed(row, "pid")?,
                application_name: parsed(row, "application").unwrap_or_default(),
                role: parsed(row, "role"),
                holds: match text(row, "holds")? {
                    "onward" => Held::Onward,
                    "table" => Held::Table,
                    "relation" => Held::Relation,
                    "vacuum" => Held::Vacuum,
                    _ => Held::Hashtext,
                },
                relation: parsed(row, "relation"),
                state: parsed(row, "state"),
                query_age: age(row, "query_ms"),
                transaction_age: age(row, "transaction_ms"),
            })
        })
        .collect()
}

pub(crate) fn holding(holders: &[Holder]) -> String {
    if holders.is_empty() {
        return "Nobody holds it at this moment: run again".to_owned();
    }
    let holders: Vec<_> = holders.iter().map(Holder::to_string).collect();
    [
        "It is held by ",
        &holders.join(" and "),
        ": wait for it or end it, then run again",
    ]
    .concat()
}
