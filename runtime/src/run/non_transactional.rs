//! Migrations that cannot run in a transaction: three messages instead of one.
//!
//! First a line that an attempt started, then the statement alone, then the line that it is
//! applied. An index is built under a private name that only its attempt uses and gets its own name
//! in the transaction of the last line, so that the name is there if and only if the index is valid
//! and recorded. Whoever finds an attempt open asks the database how far it got.

use std::time::Duration;

use tokio::time::Instant;

use crate::ledger::entry::{Entry, LedgerEvent};
use crate::ledger::task::Task;
use crate::messages::{self, Line, build_name};
use crate::outcome::error::Error;
use crate::plan::version::Version;
use crate::plan::{IndexBuild, Step};
use crate::run::apply::{Written, record, span, started};
use crate::run::{Run, applying, errors};
use crate::session::SendError;
use crate::session::blocker::blockers;
use crate::session::row::{parsed, row, text};
use crate::session::server_error::{Recovery, ServerError};

/// Between a line that an attempt started and the statement behind it lies one round trip, in which
/// nothing in the database shows that somebody is at work.
const LOOKS_DEAD: Duration = Duration::from_secs(1);
/// For what the database shows nothing about at all.
const NO_SIGN: Duration = Duration::from_secs(5);

/// What the database says about an attempt that the ledger calls open.
enum Found {
    /// What it was to bring about is there.
    Done,
    /// It is not there, and nobody is at it.
    Undone,
    /// Somebody is at it.
    Busy,
    /// This kind of statement leaves no sign.
    NoSign,
}

/// What the run knows of attempts from its present session.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    /// The attempt that this run itself has brought to its end.
    finished: Option<(Version, i32)>,
    /// Since when the ledger's head has stood where it stands while an attempt looked dead.
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
            name: task.name,
            attempt: open.attempt,
            at: open.at,
            by: open.by,
            progress: self.progress.clone(),
        })
    }

    /// Records that an attempt starts, and sends its statement.
    async fn attempt(&mut self, task: &Task) -> Result<(), Error> {
        let attempt = self.ledger.next_attempt(task.version);
        if attempt > 1 && !self.sweep(task).await? {
            return self.wait(&waiting_for(task)).await;
        }
        let Some((body, statement)) = starting(task, attempt) else {
            return Ok(());
        };
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
            Err(error) => Err(self.message_failed(error, &applying(task))),
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
            // Why the statement failed is the news, not that the ledger was busy then.
            Err(Error::Locked { .. } | Error::OutOfTime { .. }) => {
                return Err(self.statement_failed(task, refused));
            }
            answer => answer?,
        }
        let answer = self.retry_or_fail(task, refused).await;
        if answer.is_err() {
            // Whether or not the rest can be dropped now, why it failed is the news.
            let _swept = self.sweep(task).await;
        }
        answer
    }

    /// Whether a partition is marked as detached, and only the end of it is missing.
    async fn is_half_detached(&mut self, task: &Task, attempt: i32) -> Result<bool, Error> {
        let is_detachment = matches!(task.step, Step::DetachPartition { .. });
        Ok(is_detachment && matches!(self.find(task, attempt).await?, Found::Done))
    }

    /// Publishes and records what an attempt has brought about, our own or one that was left.
    async fn finish_attempt(&mut self, task: &Task, attempt: i32) -> Result<(), Error> {
        let body = match task.step {
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
        };
        let line = Line {
            event: task.done(),
            task,
            attempt,
            checksum: task.done_checksum(),
        };
        match self.write(line, &body).await? {
            Written::Committed => {
                self.attempts.finished = None;
                if attempt > 1 {
                    // Best effort: whoever is still building drops what it finished_build.
                    self.sweep(task).await?;
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
                    while !self.sweep_one(task, attempt).await? {
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

    /// Records that our own attempt came to nothing.
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
            Written::Refused(refused) => Err(self.message_failed(
                SendError::Refused(refused),
                "recording that an attempt ended",
            )),
        }
    }

    async fn find(&mut self, task: &Task, attempt: i32) -> Result<Found, Error> {
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
        match self.link.session.transact(&probe).await {
            Ok(answer) => {
                let last = answer.iter().rev().find_map(row);
                Ok(match last.and_then(|row| text(row, "done")) {
                    Some("t") => Found::Done,
                    Some(_) => Found::Undone,
                    // What it is about is gone, so nobody can tell.
                    None => Found::NoSign,
                })
            }
            Err(SendError::Refused(refused)) if is_busy(&refused) => Ok(Found::Busy),
            // Without the table there is no index either.
            Err(SendError::Refused(refused)) if refused.is_missing() => Ok(Found::Undone),
            Err(error) => Err(self.message_failed(error, "looking for the rest of an attempt")),
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

    /// Drops what ended attempts have left and nobody could drop at the time.
    pub(crate) async fn drop_left_indexes(&mut self, tasks: &[Task]) -> Result<(), Error> {
        for task in tasks.iter().flat_map(|task| task.parts()) {
            let is_over = self.ledger.open_attempt(task.version).is_none();
            if self.ledger.leftovers && is_over && self.ledger.next_attempt(task.version) > 2 {
                self.sweep(&task).await?;
            }
        }
        Ok(())
    }

    /// Drops the private indexes of ended attempts; false when somebody is building on the table.
    async fn sweep(&mut self, task: &Task) -> Result<bool, Error> {
        let Step::BuildIndex(build) = task.step else {
            return Ok(true);
        };
        let answer = self
            .link
            .session
            .send(&messages::leftovers(build, task))
            .await
            .map_err(|error| self.message_failed(error, "looking for left indexes"))?;
        let names: Vec<String> = answer
            .iter()
            .filter_map(row)
            .filter_map(|row| parsed(row, "name"))
            .collect();
        for name in names {
            if !self.drop_private(task, build, &name).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn sweep_one(&mut self, task: &Task, attempt: i32) -> Result<bool, Error> {
        let Step::BuildIndex(build) = task.step else {
            return Ok(true);
        };
        let name = build_name::name(build.index, task.version, attempt);
        self.drop_private(task, build, &name).await
    }

    /// A drop that queues behind somebody's build waits with a snapshot, and the build waits for
    /// that snapshot: so it looks first. What cannot be dropped now is dropped by a later run.
    async fn drop_private(
        &mut self,
        task: &Task,
        build: &IndexBuild,
        name: &str,
    ) -> Result<bool, Error> {
        let probe = messages::probe_build(&self.frame(), self.waiter.own_limits(), build, name);
        let looked = self.link.session.transact(&probe).await;
        if let Err(SendError::Refused(refused)) = &looked
            && is_busy(refused)
        {
            return Ok(false);
        }
        let dropped = match looked {
            Ok(_) => {
                self.link
                    .session
                    .send(&messages::drop_index(build.schema, name))
                    .await
            }
            refused => refused,
        };
        let schema = self.plan.schema();
        match dropped {
            Ok(_) => tracing::info!(schema, migration = task.name, "dropped a left index"),
            // With its table the index is gone too.
            Err(SendError::Refused(refused)) if refused.is_missing() => {}
            Err(SendError::Refused(refused)) => {
                let sqlstate = refused.said.sqlstate();
                tracing::warn!(
                    schema,
                    migration = task.name,
                    sqlstate,
                    "could not drop a left index"
                );
            }
            Err(error) => return Err(self.message_failed(error, "dropping a left index")),
        }
        Ok(true)
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

/// What cannot run in a transaction and whose lock timeout is the session's own. The statements for
/// indexes have none, so they run on a borrowed connection too.
const fn needs_session(step: &Step) -> bool {
    match step {
        Step::DetachPartition { .. } | Step::NonTransactional { .. } => true,
        Step::BuildIndex(_)
        | Step::DropIndex { .. }
        | Step::Transaction(_)
        | Step::Sequence { .. } => false,
    }
}

fn is_busy(refused: &ServerError) -> bool {
    matches!(refused.recovery(), Recovery::LookAgain | Recovery::Retry)
}

fn waiting_for(task: &Task) -> String {
    ["waiting for whoever applies ", task.name].concat()
}
