//! The state of one migration.

use std::time::Duration;

use crate::ledger::entry::LedgerEvent;
use crate::ledger::task::Task;
use crate::ledger::{Ledger, diff};
use crate::plan::version::Version;

/// One migration of the plan and its state.
///
/// ```
/// fn line(migration: &onward::MigrationStatus) -> String {
///     format!("{} {}", migration.name, migration.state.as_str())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MigrationStatus {
    /// `001`, `S001`, `100` or `DM001`; its range says the category.
    pub version: Version,
    /// The file's name.
    pub name: &'static str,
    /// Whether it is applied.
    pub state: State,
}

/// Whether a migration is applied.
///
/// ```
/// fn is_there(state: &onward::State) -> bool {
///     matches!(state, onward::State::Applied { .. })
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// It is not applied yet.
    Pending,
    /// It waits for data migrations, itself or because it stands behind one that does; a later start, or a later
    /// release, applies it.
    Waiting {
        /// The data migrations that are not done.
        missing: Vec<Version>,
    },
    /// It is applied. A seed counts only with the text that the plan has.
    Applied {
        /// When: RFC 3339 in UTC, by the server's clock.
        at: String,
        /// By which role.
        by: String,
        /// How long it took.
        duration: Duration,
    },
    /// A data migration that is running.
    Running {
        /// Since when: RFC 3339 in UTC, by the server's clock.
        since: String,
    },
    /// It was started outside of a transaction, and the ledger has no end of it: it is still running, or
    /// its run has ended.
    InDoubt {
        /// Which attempt.
        attempt: i32,
        /// Since when: RFC 3339 in UTC, by the server's clock.
        since: String,
        /// By which role.
        by: String,
    },
}

impl State {
    /// One word: `pending`, `waiting`, `applied`, `running` or `in-doubt`.
    ///
    /// ```
    /// assert_eq!(onward::State::Pending.as_str(), "pending");
    /// ```
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Waiting { .. } => "waiting",
            Self::Applied { .. } => "applied",
            Self::Running { .. } => "running",
            Self::InDoubt { .. } => "in-doubt",
        }
    }

    pub(crate) fn of(task: &Task, ledger: &Ledger) -> Self {
        if let Some(open) = ledger.open_attempt(task.version) {
            return Self::InDoubt {
                attempt: open.attempt,
                since: open.at.clone(),
                by: open.by.clone(),
            };
        }
        let is_pending = diff::is_pending(task, ledger) || diff::is_other_file(task, ledger);
        match ledger.latest(task.version) {
            Some(entry) if is_pending && entry.event == LedgerEvent::DataStarted => Self::Running {
                since: entry.at.clone(),
            },
            Some(_) | None if is_pending => Self::Pending,
            Some(_) | None => ledger
                .done_as(task.version, task.checksum)
                .map(|entry| ledger.ran(entry))
                .map_or(Self::Pending, |entry| Self::Applied {
                    at: entry.at.clone(),
                    by: entry.by.clone(),
                    duration: entry.duration,
                }),
        }
    }
}
