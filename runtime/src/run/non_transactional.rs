//! Migrations that cannot run in a transaction: three messages instead of one.
//!
//! First a line that an attempt started, then the statement alone, then the line that it is
//! applied. An index is built under a build name that only its attempt uses and gets its own name
//! in the transaction of the last line, so that the name exists if and only if the index is valid
//! and recorded. A run that finds an attempt without an end asks the database how far it got.

use std::time::Duration;

use tokio::time::Instant;

use crate::ledger::entry::{Entry, LedgerEvent};
use crate::ledger::task::Task;
use crate::messages::{self, Line, build_name};
use crate::outcome::error::Error;
use crate::plan::Step;
use crate::plan::version::Version;
use crate::run::apply::{Written, line, record, span, started};
use crate::run::doing::Doing;
use crate::run::{Run, errors};
use crate::session::SendError;
use crate::session::blocker::blockers;
use crate::session::row::{row, text};
use crate::session::server_error::{Recovery, ServerError};

/// Between the line that an attempt started and the statement behind it there is one round trip, during
/// which nothing in the database shows that a run is working.
const LOOKS_DEAD: Duration = Duration::from_secs(1);
/// For what the database shows nothing about at all.
const NO_SIGN: Duration = Duration::from_secs(5);

/// What the database shows about an attempt without an end in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Its effect exists.
    Done,
    /// Its effect does not exist, and no session is working on it.
    Undone,
    /// A session is working on it.
    Busy,
    /// This kind of statement leaves no sign.
    NoSign,
}

/// What the run knows of attempts from its present session.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    /// The attempt whose statement this run itself has finished.
    finished: Option<(Version, i32)>,
    /// Since when the ledger's head has not moved while an attempt looked dead.
    stalled_since: Option<(i64, Instant)>,
}

impl Run<'_> {
    /// Moves the migration on by one attempt, or waits for the run that does.
    pub(crate) async fn non_transactional(&mut self, task: &Task) -> Result<(), Error> {
        if needs_session(task.step) && !self.link.is_direct() {
            let is_borrowed = self.link.is_borrowed();
            return Err(errors::needs_session(
                &self.plan,
                &self.progress,
                task,
                is_borrowed,
            ));
        }
        let Some(open) = self.ledger.open_attempt(task.version).cloned() else {
            return self.attempt(task).await;
        };
        if self.attempts.finished == Some((task.version, open.attempt)) {
            return self.finish_attempt(task, open.attempt).await;
        }
        match self.find(task, open.attempt).await? {
            Found::Done if open.checksum == task.checksum => {
                self.finish_attempt(task, open.attempt).await
            }
            Found::Done | Found::Undone => {
                if self.stands_still_for(LOOKS_DEAD, task).await? {
                    self.abandon(task, &open).await?;
                }
                Ok(())
            }
            Found::Busy => self.wait_for_builders(task).await,
            Found::NoSign => self.resolve_without_sign(task, open).await,
        }
    }

    /// While an index is built no session holds the module's lock, so the error names the sessions that
    /// build on the table.
    async fn wait_for_builders(&mut self, task: &Task) -> Result<(), Error> {
        self.attempts.stalled_since = None;
        match (self.wait(&waiting_for(task)).await, task.step) {
            (
                Err(Error::Locked {
                    schema,
                    doing,
                    waited,
                    progress,
                    ..
                }),
                Step::BuildIndex(build),
            ) => {
                let answer = self.link.session.send(&messages::builders(build)).await;
                Err(Error::Locked {
                    schema,
                    doing,
                    waited,
                    blockers: answer.map(|rows| blockers(&rows)).unwrap_or_default(),
                    progress,
                })
            }
            (answer, _) => answer,
        }
    }

    /// Nothing in the database shows how far the attempt got.
    async fn resolve_without_sign(&mut self, task: &Task, open: Entry) -> Result<(), Error> {
        if !self.stands_still_for(NO_SIGN, task).await? {
            return Ok(());
        }
        let is_repeatable = matches!(
            task.step,
            Step::NonTransactional {
                repeatable: true,
                ..
            }
        );
        if is_repeatable {
            return self.abandon(task, &open).await.map(drop);
        }
        Err(Error::InDoubt {
            schema: self.plan.schema(),
            folder: self.plan.folder(),
            version: task.version,
            name: task.name,
            attempt: open.attempt,
            at: open.at.into(),
            by: open.by.into(),
            progress: self.progress.clone(),
        })
    }

    /// Records that an attempt starts, and sends its statement.
    async fn attempt(&mut self, task: &Task) -> Result<(), Error> {
        let attempt = self.ledger.next_attempt(task.version);
        if attempt > 1 && !self.drop_left_indexes_of(task).await? {
            return self.wait(&waiting_for(task)).await;
        }
        let Some((body, statement)) = starting(task, attempt) else {
            return Ok(());
        };
        self.means_the_same(task).await?;
        let line = Line {
            event: LedgerEvent::Started,
            task,
            attempt,
            checksum: task.checksum,
        };
        match self.write(line, &body).await? {
            Written::Committed => {}
            Written::LostRace => return self.wait(&waiting_for(task)).await,
            Written::Refused(refused) => return self.retry_or_fail(task, &refused).await,
        }
        // What an attempt before has left half done is finished, and not begun again.
        if attempt > 1 && self.is_half_detached(task, attempt).await? {
            return self.finish_attempt(task, attempt).await;
        }
        self.settings.listener.tell(|| started(task));
        let span = span(task);
        let answer = match task.step {
            Step::BuildIndex(_) => self.link.session.outlive(&statement).await,
            Step::DropIndex { .. }
            | Step::DetachPartition { .. }
            | Step::NonTransactional { .. }
            | Step::Transaction(_)
            | Step::Sequence { .. } => self.link.session.send(&statement).await,
        };
        match answer {
            Ok(_) => {
                self.attempts.finished = Some((task.version, attempt));
                self.finish_attempt(task, attempt).await
            }
            Err(SendError::Refused(refused)) => {
                record(&span, &refused);
                self.attempt_refused(task, attempt, &refused).await
            }
            Err(error) => Err(self.message_failed(error, Doing::Applying(task.name))),
        }
    }

    /// On a session that is not the run's own an index is built with the session's `search_path`.
    async fn means_the_same(&mut self, task: &Task) -> Result<(), Error> {
        let Step::BuildIndex(build) = task.step else {
            return Ok(());
        };
        if self.link.is_direct() {
            return Ok(());
        }
        let question = messages::other_meaning(&self.plan, build);
        match self.link.session.send_again(&question).await {
            Ok(_) => Ok(()),
            Err(SendError::Refused(refused)) => match refused.meaning {
                Some(meaning) => Err(errors::ambiguous_name(
                    &self.plan,
                    &self.progress,
                    task,
                    meaning,
                )),
                None => {
                    let error = SendError::Refused(refused);
                    Err(self.message_failed(error, Doing::Applying(task.name)))
                }
            },
            Err(error) => Err(self.message_failed(error, Doing::Applying(task.name))),
        }
    }

    async fn attempt_refused(
        &mut self,
        task: &Task,
        attempt: i32,
        refused: &ServerError,
    ) -> Result<(), Error> {
        if self.is_half_detached(task, attempt).await? {
            return self.finish_attempt(task, attempt).await;
        }
        match self.give_up(task, attempt).await {
            // What matters is why the statement failed, not that the ledger was busy then.
            Err(Error::Locked { .. } | Error::OutOfTime { .. }) => {
                return Err(self.statement_failed(task, refused));
            }
            answer => answer?,
        }
        let answer = self.retry_or_fail(task, refused).await;
        if answer.is_err() {
            // What matters is why it failed, whether or not the rest can be dropped now.
            let _dropped = self.drop_left_indexes_of(task).await;
        }
        answer
    }

    /// Whether a partition is marked as detached, and only the end of it is missing.
    async fn is_half_detached(&mut self, task: &Task, attempt: i32) -> Result<bool, Error> {
        let is_detachment = matches!(task.step, Step::DetachPartition { .. });
        Ok(is_detachment && matches!(self.find(task, attempt).await?, Found::Done))
    }

    /// Publishes and records the effect of an attempt, our own or one that was left.
    async fn finish_attempt(&mut self, task: &Task, attempt: i32) -> Result<(), Error> {
        let body = finishing(task, attempt);
        match self.write(line(task, attempt), &body).await? {
            Written::Committed => {
                self.attempts.finished = None;
                if attempt > 1 {
                    // Best effort: a run that is still building drops what it built.
                    self.drop_left_indexes_of(task).await?;
                }
                Ok(())
            }
            Written::LostRace => {
                self.wait(&waiting_for(task)).await?;
                let open = self
                    .ledger
                    .open_attempt(task.version)
                    .map(|open| open.attempt);
                if self.attempts.finished == Some((task.version, attempt)) && open != Some(attempt)
                {
                    self.attempts.finished = None;
                    while !self.drop_left_index(task, attempt).await? {
                        self.wait(&waiting_for(task)).await?;
                    }
                }
                Ok(())
            }
            Written::Refused(refused) => {
                if refused.recovery() == Recovery::Rebuild {
                    self.attempts.finished = None;
                    self.give_up(task, attempt).await?;
                }
                self.retry_or_fail(task, &refused).await
            }
        }
    }

    /// Records that our own attempt ended without effect.
    async fn give_up(&mut self, task: &Task, attempt: i32) -> Result<(), Error> {
        loop {
            let open = self.ledger.open_attempt(task.version).cloned();
            let Some(open) = open.filter(|open| open.attempt == attempt) else {
                return Ok(());
            };
            if self.abandon(task, &open).await? {
                return Ok(());
            }
        }
    }

    /// True when the ledger has the line.
    async fn abandon(&mut self, task: &Task, open: &Entry) -> Result<bool, Error> {
        self.attempts.stalled_since = None;
        let line = Line {
            event: LedgerEvent::Abandoned,
            task,
            attempt: open.attempt,
            checksum: open.checksum,
        };
        match self.write(line, "").await? {
            Written::Committed => Ok(true),
            Written::LostRace => self.wait(&waiting_for(task)).await.map(|()| false),
            Written::Refused(refused) if is_busy(&refused) => {
                self.wait(&waiting_for(task)).await.map(|()| false)
            }
            Written::Refused(refused) => {
                Err(self.message_failed(SendError::Refused(refused), Doing::EndingAttempt))
            }
        }
    }

    pub(super) async fn find(&mut self, task: &Task, attempt: i32) -> Result<Found, Error> {
        let probe = match task.step {
            Step::BuildIndex(build) => {
                let private = build_name::name(build.index, task.version, attempt);
                messages::probe_build(&self.frame(), self.waiter.own_limits(), build, &private)
            }
            Step::DropIndex { schema, index, .. } => {
                messages::probe_drop(&self.frame(), self.waiter.own_limits(), schema, index)
            }
            Step::DetachPartition {
                parent, partition, ..
            } => {
                messages::probe_detach(&self.frame(), self.waiter.own_limits(), *parent, *partition)
            }
            Step::NonTransactional { .. } | Step::Transaction(_) | Step::Sequence { .. } => {
                return Ok(Found::NoSign);
            }
        };
        match self.link.session.send(&probe).await {
            Ok(answer) => {
                let last = answer.iter().rev().find_map(row);
                Ok(match last.and_then(|row| text(row, "done")) {
                    Some("t") => Found::Done,
                    Some(_) => Found::Undone,
                    // The table is gone, so there is no sign.
                    None => Found::NoSign,
                })
            }
            Err(SendError::Refused(refused)) if is_busy(&refused) => Ok(Found::Busy),
            // Without the table there is no index either.
            Err(SendError::Refused(refused)) if refused.is_missing() => Ok(Found::Undone),
            Err(error) => Err(self.message_failed(error, Doing::CheckingAttempt)),
        }
    }

    /// Whether the ledger's head has not moved for so long; waits a little when it is too early to
    /// say.
    async fn stands_still_for(&mut self, long: Duration, task: &Task) -> Result<bool, Error> {
        let seq = self.ledger.head.seq;
        match self.attempts.stalled_since {
            Some((watched, since)) if watched == seq && since.elapsed() >= long => Ok(true),
            Some((watched, _)) if watched == seq => {
                self.wait(&waiting_for(task)).await.map(|()| false)
            }
            Some(_) | None => {
                self.attempts.stalled_since = Some((seq, Instant::now()));
                self.wait(&waiting_for(task)).await.map(|()| false)
            }
        }
    }
}

/// What is written with the line that the attempt is done.
pub(super) fn finishing(task: &Task, attempt: i32) -> String {
    match task.step {
        Step::BuildIndex(build) => {
            messages::publish(build, &build_name::name(build.index, task.version, attempt))
        }
        Step::DropIndex { schema, index, .. } => messages::is_gone(schema, index),
        Step::DetachPartition {
            parent, partition, ..
        } => messages::finish_detach(*parent, *partition),
        Step::NonTransactional { .. } | Step::Transaction(_) | Step::Sequence { .. } => {
            String::new()
        }
    }
}

/// What is written with the line that the attempt starts, and the statement behind it; `None` for what
/// runs in a transaction.
fn starting(task: &Task, attempt: i32) -> Option<(String, String)> {
    match task.step {
        Step::BuildIndex(build) => {
            let name = build_name::name(build.index, task.version, attempt);
            let body = messages::name_is_free(build.schema, build.index);
            Some((body, messages::build_index(build, &name)))
        }
        Step::DropIndex { schema, index, .. } => {
            Some((String::new(), messages::drop_index(schema, index)))
        }
        Step::DetachPartition { statement, .. } | Step::NonTransactional { statement, .. } => {
            Some((String::new(), statement.sql.to_owned()))
        }
        Step::Transaction(_) | Step::Sequence { .. } => None,
    }
}

/// What runs alone with the settings of its session, which a borrowed connection must not change. The
/// statements for indexes are sent with qualified names and run on any connection.
const fn needs_session(step: &Step) -> bool {
    match step {
        Step::DetachPartition { .. } | Step::NonTransactional { .. } => true,
        Step::BuildIndex(_)
        | Step::DropIndex { .. }
        | Step::Transaction(_)
        | Step::Sequence { .. } => false,
    }
}

pub(super) fn is_busy(refused: &ServerError) -> bool {
    matches!(refused.recovery(), Recovery::LookAgain | Recovery::Retry)
}

fn waiting_for(task: &Task) -> String {
    ["waiting for the run that applies ", task.name].concat()
}
