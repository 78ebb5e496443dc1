//! What can stop a run: one variant for each decision that somebody has to make.

use std::fmt::Display;
use std::time::Duration;

use crate::ledger::chain::Tampering;
use crate::ledger::drift::Drift;
use crate::outcome::failed_statement::FailedStatement;
use crate::outcome::progress::{Pending, Progress};
use crate::plan::version::Version;
use crate::session::blocker::{Blocker, advice};
use crate::session::server_error::ServerMessage;

/// Why a run ended early.
///
/// The text says what happened, how far the run got and what to do; the
/// [`source`](std::error::Error::source) says why. Neither holds values of rows or passwords.
///
/// ```
/// fn exit_code(error: &onward::Error) -> u8 {
///     match error {
///         onward::Error::PendingRelease { .. } => 3,
///         onward::Error::Locked { .. } => 4,
///         _ => 1,
///     }
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection ended. Run again: the ledger knows what became of the last message.
    #[error(
        "{schema}: lost the connection while {doing}; {progress}. The server did all of the last \
         message or nothing of it, and the ledger knows which: connect and run again"
    )]
    Connection {
        /// The module's schema.
        schema: &'static str,
        /// What was under way.
        doing: String,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is no connection to be had.
    #[error(
        "{schema}: tried for {tried:.1?} to connect; {progress}. Look at the URL and the server, then run again"
    )]
    Unreachable {
        /// The module's schema.
        schema: &'static str,
        /// For how long it was tried.
        tried: Duration,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A statement that cannot run in a transaction needs a session of the run's own.
    #[error(
        "{schema}: {name} cannot run in a transaction, so it needs a session of its own, {}: `{statement}`; \
         {progress}. Give the run a `Connector` with the server's own URL",
        if *.borrowed { "and this connection is borrowed" } else { "and a pooler such as PgBouncer stands in between" }
    )]
    NeedsSession {
        /// The module's schema.
        schema: &'static str,
        /// The file's name.
        name: &'static str,
        /// The statement's first line.
        statement: String,
        /// Whether the connection is borrowed; otherwise a pooler stands in between.
        borrowed: bool,
        /// How far the run got.
        progress: Progress,
    },
    /// The server refused a message that is the runner's own and no migration.
    #[error("{schema}: PostgreSQL refused {doing}; {progress}")]
    Server {
        /// The module's schema.
        schema: &'static str,
        /// What was under way.
        doing: String,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: ServerMessage,
    },
    /// The role lacks a privilege.
    #[error(
        "{schema}: the role may not do this: {doing}; {progress}. Migrate as the role that owns \
         the schema, or as one that may create it (CREATE on the database)"
    )]
    Permission {
        /// The module's schema.
        schema: &'static str,
        /// What was under way.
        doing: String,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: ServerMessage,
    },
    /// The budget ended while something was still to do. Run again, or give it more time.
    #[error(
        "{schema}: the budget of {budget:?} ended while {doing}; {progress}. What the server is \
         still working on it finishes or rolls back by itself: run again"
    )]
    OutOfTime {
        /// The module's schema.
        schema: &'static str,
        /// What was under way.
        doing: String,
        /// How long the run was allowed to take.
        budget: Duration,
        /// How far the run got.
        progress: Progress,
    },
    /// Another session kept the lock for the whole budget.
    #[error("{schema}: waited {waited:.1?} while {doing}; {progress}. {}", advice(.blockers))]
    Locked {
        /// The module's schema.
        schema: &'static str,
        /// What the run was waiting for.
        doing: String,
        /// How long it waited.
        waited: Duration,
        /// Who holds the lock now.
        blockers: Vec<Blocker>,
        /// How far the run got.
        progress: Progress,
    },
    /// The server takes no writes.
    #[error("{schema}: the server is a standby or read-only; {progress}. Connect to the primary")]
    Standby {
        /// The module's schema.
        schema: &'static str,
        /// How far the run got.
        progress: Progress,
    },
    /// Files were edited after they had been applied.
    #[error(
        "{schema}: applied migrations were edited; {progress}. Restore their text and put the \
         change into a new migration:{}", lines(.drift)
    )]
    Modified {
        /// The module's schema.
        schema: &'static str,
        /// One entry a file; every one is [`Drift::Modified`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// Numbers are missing in between: a later one was applied without them.
    #[error(
        "{schema}: migrations are missing in between; {progress}. Give these files numbers after \
         the last applied one:{}", lines(.drift)
    )]
    OutOfOrder {
        /// The module's schema.
        schema: &'static str,
        /// One entry a file; every one is [`Drift::OutOfOrder`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// The ledger and the plan have different histories.
    #[error(
        "{schema}: the database has migrations that this binary lacks; {progress}. Two branches \
         took the same numbers, or a file was deleted: bring the files back:{}", lines(.drift)
    )]
    Unknown {
        /// The module's schema.
        schema: &'static str,
        /// One entry a file; every one is [`Drift::Unknown`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// The database moved past this binary.
    #[error(
        "{schema}: the database moved past this binary; {progress}. Deploy the release that \
         belongs to these migrations:{}", lines(.drift)
    )]
    ReleaseAhead {
        /// The module's schema.
        schema: &'static str,
        /// One entry a file; every one is [`Drift::ReleaseAhead`].
        drift: Vec<Drift>,
        /// How far the run got.
        progress: Progress,
    },
    /// An operator has to run release migrations first.
    #[error(
        "{schema}: release migrations are pending; {progress}. Let an operator run \
         `onward release {folder} --url <url>` for:{}", lines(.pending)
    )]
    PendingRelease {
        /// The module's schema.
        schema: &'static str,
        /// The folder of the module.
        folder: &'static str,
        /// What is to run, in order.
        pending: Vec<Pending>,
        /// How far the run got.
        progress: Progress,
    },
    /// The schema has no complete ledger, and it is not empty.
    #[error(
        "{schema}: the schema holds objects but no ledger, so nobody knows what ran here. If the \
         ledger was dropped, restore it; if something else made the schema, move these objects \
         away:{}", lines(.objects)
    )]
    ForeignSchema {
        /// The module's schema.
        schema: &'static str,
        /// The first ten objects.
        objects: Vec<String>,
    },
    /// Somebody changed the ledger by hand.
    #[error(
        "{schema}: the ledger was changed by hand: {tampering}; {progress}. Find out who did it and \
         restore the ledger from a backup; until then nothing is run"
    )]
    Tampered {
        /// The module's schema.
        schema: &'static str,
        /// The first thing that is wrong.
        tampering: Tampering,
        /// How far the run got.
        progress: Progress,
    },
    /// A statement failed. Nothing of its migration was applied.
    #[error("{schema}: {failed}; {progress}")]
    Failed {
        /// The module's schema.
        schema: &'static str,
        /// Where and what.
        failed: Box<FailedStatement>,
        /// How far the run got.
        progress: Progress,
        /// Why.
        source: ServerMessage,
    },
    /// Something that cannot run in a transaction began, and nobody saw its end.
    #[error(
        "{schema}: {name} began outside of a transaction at {at} (attempt {attempt}, by {by}), and \
         nobody saw its end; {progress}. It may be running still, and running it twice may do \
         harm: look in the database whether its effect is there"
    )]
    InDoubt {
        /// The module's schema.
        schema: &'static str,
        /// The file's name.
        name: &'static str,
        /// Which attempt.
        attempt: i32,
        /// When it began: RFC 3339, UTC.
        at: String,
        /// Which role began it.
        by: String,
        /// How far the run got.
        progress: Progress,
    },
    /// A migration waits for data migrations that are not finished.
    #[error(
        "{schema}: {name} requires data migrations that are not finished: {}; {progress}. They run \
         beside the service: run again when they are done", versions(.missing)
    )]
    Requires {
        /// The module's schema.
        schema: &'static str,
        /// The file that waits.
        name: &'static str,
        /// What it waits for.
        missing: Vec<Version>,
        /// How far the run got.
        progress: Progress,
    },
}

impl Error {
    /// How far the run got. What it had applied stays applied.
    ///
    /// ```
    /// fn print(error: &onward::Error) {
    ///     println!("{}", error.progress());
    /// }
    /// ```
    #[must_use]
    pub const fn progress(&self) -> &Progress {
        const NOTHING: &Progress = &Progress {
            applied: Vec::new(),
        };
        match self {
            Self::Connection { progress, .. }
            | Self::Unreachable { progress, .. }
            | Self::NeedsSession { progress, .. }
            | Self::Server { progress, .. }
            | Self::Permission { progress, .. }
            | Self::OutOfTime { progress, .. }
            | Self::Locked { progress, .. }
            | Self::Standby { progress, .. }
            | Self::Modified { progress, .. }
            | Self::OutOfOrder { progress, .. }
            | Self::Unknown { progress, .. }
            | Self::ReleaseAhead { progress, .. }
            | Self::PendingRelease { progress, .. }
            | Self::Tampered { progress, .. }
            | Self::Failed { progress, .. }
            | Self::InDoubt { progress, .. }
            | Self::Requires { progress, .. } => progress,
            Self::ForeignSchema { .. } => NOTHING,
        }
    }

    /// The SQLSTATE, when the server's refused is the reason.
    ///
    /// ```
    /// fn is_unique_violation(error: &onward::Error) -> bool {
    ///     error.sqlstate() == Some("23505")
    /// }
    /// ```
    #[must_use]
    pub fn sqlstate(&self) -> Option<&str> {
        let said: &ServerMessage = std::error::Error::source(self)?.downcast_ref()?;
        Some(said.sqlstate())
    }
}

fn lines<T: Display>(all: &[T]) -> String {
    all.iter().map(|one| format!("\n  {one}")).collect()
}

fn versions(all: &[Version]) -> String {
    all.iter()
        .map(Version::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::outcome::progress::Applied;
    use crate::plan::checksum::Checksum;
    use crate::session::blocker::BlockerKind;

    fn progress() -> Progress {
        let name = "001_a.sql";
        let duration = Duration::ZERO;
        Version::of(name).map_or_else(
            |_| Progress::default(),
            |version| Progress {
                applied: vec![Applied {
                    version,
                    name,
                    duration,
                }],
            },
        )
    }

    #[test]
    fn a_refused_release_names_the_command() -> Result<(), crate::plan::version::InvalidVersion> {
        let version = Version::of("100_r.sql")?;
        let error = Error::PendingRelease {
            schema: "auth",
            folder: "migrations/auth",
            pending: vec![Pending {
                version,
                name: "100_r.sql",
            }],
            progress: progress(),
        };
        assert_eq!(
            error.to_string(),
            "auth: release migrations are pending; this run had applied 001. Let an operator \
             run `onward release migrations/auth --url <url>` for:\n  100_r.sql"
        );
        Ok(())
    }

    #[test]
    fn an_edited_file_shows_both_checksums() -> Result<(), crate::plan::version::InvalidVersion> {
        let drift = Drift::Modified {
            version: Version::of("001_a.sql")?,
            name: "001_a.sql".to_owned(),
            applied: Checksum([1; 32]),
            planned: Checksum([2; 32]),
        };
        let error = Error::Modified {
            schema: "auth",
            drift: vec![drift],
            progress: Progress::default(),
        };
        let text = error.to_string();
        assert!(
            text.contains(&"01".repeat(32)) && text.contains(&"02".repeat(32)),
            "{text}"
        );
        assert!(text.contains("this run applied nothing"), "{text}");
        Ok(())
    }

    #[test]
    fn a_holder_is_named() {
        let blocker = |kind| Blocker {
            pid: 7,
            application_name: "psql".to_owned(),
            role: Some("dba".to_owned()),
            kind,
            relation: None,
            state: None,
            query_age: None,
            transaction_age: None,
        };
        let error = |blockers| Error::Locked {
            schema: "auth",
            doing: "waiting to apply 001_a.sql".to_owned(),
            waited: Duration::from_millis(60_040),
            blockers,
            progress: Progress::default(),
        };
        assert_eq!(
            error(vec![blocker(BlockerKind::Onward)]).to_string(),
            "auth: waited 60.0s while waiting to apply 001_a.sql; this run applied nothing. It is \
             held by pid 7 `psql` of role `dba`: wait for it or end it, then run again"
        );
        assert!(
            error(vec![blocker(BlockerKind::Hashtext)])
                .to_string()
                .contains("no onward")
        );
        assert!(error(Vec::new()).to_string().contains("Nobody holds it"));
    }

    #[test]
    fn why_is_the_source_and_not_the_text() {
        let source = ServerMessage::new("42501", "permission denied for schema auth", None);
        let error = Error::Permission {
            schema: "auth",
            doing: "reading the ledger".to_owned(),
            progress: progress(),
            source,
        };
        assert!(!error.to_string().contains("denied"));
        assert_eq!(
            error.source().map(ToString::to_string).as_deref(),
            Some("PostgreSQL says: permission denied for schema auth (SQLSTATE 42501)")
        );
        assert_eq!(error.sqlstate(), Some("42501"));
        assert_eq!(error.progress(), &progress());
    }
}
