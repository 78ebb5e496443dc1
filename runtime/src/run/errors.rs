//! From what a run knows to the error that says it.

use std::time::Duration;

use crate::ledger::diff;
use crate::ledger::drift::Drift;
use crate::ledger::task::Task;
use crate::messages;
use crate::outcome::error::Error;
use crate::outcome::failed_statement::Failure;
use crate::plan::IndexBuild;
use crate::run::Run;
use crate::session::Trouble;
use crate::session::blocker::holders;
use crate::session::row::{parsed, row};
use crate::session::server_error::{Reaction, Refusal};

impl Run<'_> {
    /// Everything that forbids to go on, before anything runs.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.ledger.standby {
            return Err(self.standby());
        }
        if let Some(tampering) = &self.ledger.tampering {
            return Err(Error::Tampered {
                schema: self.plan.schema(),
                tampering: tampering.clone(),
                progress: self.so_far(),
            });
        }
        let all = diff::drift(&self.plan, &self.ledger);
        let of = |word: &str| {
            all.iter()
                .filter(|drift| drift.as_str() == word)
                .cloned()
                .collect()
        };
        let schema = self.plan.schema();
        let progress = self.so_far();
        // An edit explains the others more often than they explain it.
        let worst = all.iter().min_by_key(|drift| match drift {
            Drift::Modified { .. } => 0,
            Drift::Unknown { .. } => 1,
            Drift::ReleaseAhead { .. } => 2,
            Drift::OutOfOrder { .. } => 3,
        });
        let Some(worst) = worst else {
            return Ok(());
        };
        let drift: Vec<Drift> = of(worst.as_str());
        Err(match worst {
            Drift::Modified { .. } => Error::Modified {
                schema,
                drift,
                progress,
            },
            Drift::Unknown { .. } => Error::Unknown {
                schema,
                drift,
                progress,
            },
            Drift::ReleaseAhead { .. } => Error::ReleaseAhead {
                schema,
                drift,
                progress,
            },
            Drift::OutOfOrder { .. } => Error::OutOfOrder {
                schema,
                drift,
                progress,
            },
        })
    }

    /// The ledger cannot move between this check and the write: the write compares the head.
    pub(crate) fn require(&self, task: &Task) -> Result<(), Error> {
        let missing: Vec<_> = task
            .requires
            .iter()
            .copied()
            .filter(|version| self.ledger.done(*version).is_none())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::Requires {
            schema: self.plan.schema(),
            name: task.name,
            missing,
            progress: self.so_far(),
        })
    }

    pub(crate) fn standby(&self) -> Error {
        Error::Standby {
            schema: self.plan.schema(),
            progress: self.so_far(),
        }
    }

    /// A borrowed connection, and one behind a pooler, has no session that could be told to wait.
    pub(crate) fn needs_session(&self, task: &Task) -> Error {
        let statement = task.step.statements().first();
        Error::NeedsSession {
            schema: self.plan.schema(),
            name: task.name,
            statement: statement
                .and_then(|statement| statement.sql.lines().next())
                .unwrap_or_default()
                .to_owned(),
            borrowed: self.connector.is_none(),
            progress: self.so_far(),
        }
    }

    pub(crate) fn out_of_time(&self, doing: String) -> Error {
        Error::OutOfTime {
            schema: self.plan.schema(),
            doing,
            budget: self.budget(),
            progress: self.so_far(),
        }
    }

    /// A message of our own got no good answer.
    pub(crate) fn trouble(&self, trouble: Trouble, doing: &str) -> Error {
        let (schema, doing, progress) = (self.plan.schema(), doing.to_owned(), self.so_far());
        match trouble {
            Trouble::Lost(source) => Error::Connection {
                schema,
                doing,
                progress,
                source,
            },
            Trouble::Silent => self.out_of_time(doing),
            Trouble::Refused(refusal) => match refusal.reaction() {
                Reaction::Standby => self.standby(),
                Reaction::Permission => Error::Permission {
                    schema,
                    doing,
                    progress,
                    source: refusal.said,
                },
                Reaction::LookAgain
                | Reaction::Rebuild
                | Reaction::ForeignSchema
                | Reaction::RollBack
                | Reaction::Retry
                | Reaction::RetryOnce
                | Reaction::Lost
                | Reaction::Fail => Error::Server {
                    schema,
                    doing,
                    progress,
                    source: refusal.said,
                },
            },
        }
    }

    /// A statement of a migration was refused for good.
    pub(crate) fn failed(&self, task: &Task, refusal: &Refusal) -> Error {
        let mut failure = Failure::new(self.plan.folder(), task, refusal, self.tries());
        if refusal.is_lock_timeout() {
            failure.holders.clone_from(&self.blockers);
        }
        let (schema, progress, source) = (self.plan.schema(), self.so_far(), refusal.said.clone());
        if refusal.reaction() == Reaction::Permission {
            return Error::Permission {
                schema,
                doing: failure.place_and_statement(),
                progress,
                source,
            };
        }
        Error::Failed {
            schema,
            failure: Box::new(failure),
            progress,
            source,
        }
    }

    pub(crate) async fn locked(&mut self, doing: &str, waited: Duration) -> Error {
        let answer = self.session.send(&messages::holders(&self.plan)).await;
        Error::Locked {
            schema: self.plan.schema(),
            doing: doing.to_owned(),
            waited,
            // Who holds it is only for the message; not to know it changes nothing.
            holders: answer.map(|rows| holders(&rows)).unwrap_or_default(),
            progress: self.so_far(),
        }
    }

    /// While an index is built nobody holds the advisory lock: names who works on the table.
    pub(crate) async fn name_builders(&mut self, error: Error, build: &IndexBuild) -> Error {
        let answer = self.session.send(&messages::builders(build)).await;
        match error {
            Error::Locked {
                schema,
                doing,
                waited,
                progress,
                ..
            } => Error::Locked {
                schema,
                doing,
                waited,
                holders: answer.map(|rows| holders(&rows)).unwrap_or_default(),
                progress,
            },
            error => error,
        }
    }

    pub(crate) async fn foreign_schema(&mut self) -> Error {
        match self
            .session
            .send(&messages::foreign_objects(&self.plan))
            .await
        {
            Ok(answer) => Error::ForeignSchema {
                schema: self.plan.schema(),
                objects: answer
                    .iter()
                    .filter_map(row)
                    .filter_map(|row| parsed(row, "object"))
                    .collect(),
            },
            Err(trouble) => self.trouble(trouble, "looking what the schema holds"),
        }
    }
}
