//! Migrations that cannot run in a transaction: three messages instead of one.
//!
//! First a line that an attempt started, then the statement alone, then the line that it is
//! applied. An index is built under a private name that only its attempt uses and gets its own name
//! in the transaction of the last line, so that the name is there if and only if the index is valid
//! and recorded. Whoever finds an attempt open asks the database how far it got.

use std::time::Duration;

use tokio::time::Instant;

use crate::ledger::entry::{Entry, Event};
use crate::ledger::task::Task;
use crate::messages::detach_partition::Detach;
use crate::messages::{self, Line, build_name};
use crate::outcome::error::Error;
use crate::plan::{IndexBuild, Step};
use crate::run::apply::{record, span, started};
use crate::run::{Run, Written, applying};
use crate::session::Trouble;
use crate::session::row::{parsed, row, text};
use crate::session::server_error::{Reaction, Refusal};

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

impl Run<'_> {
    /// Moves the migration on by one attempt, or waits for whoever does.
    pub(crate) async fn detached(&mut self, task: &Task) -> Result<(), Error> {
        if matches!(task.step, Step::Alone { .. }) && !self.session.is_direct() {
            return Err(self.needs_session(task));
        }
        let Some(open) = self.ledger.open_attempt(task.version).cloned() else {
            return self.attempt(task).await;
        };
        if self.built == Some((task.version, open.attempt)) {
            return self.finish(task, open.attempt).await;
        }
        match self.find(task, open.attempt).await? {
            Found::Done if open.checksum == task.checksum => self.finish(task, open.attempt).await,
            Found::Done | Found::Undone => {
                if self.stands_still_for(LOOKS_DEAD, task).await? {
                    self.abandon(task, &open).await?;
                }
                Ok(())
            }
            Found::Busy => {
                self.watch = None;
                match (self.wait(&waiting_for(task)).await, task.step) {
                    (Err(error @ Error::Locked { .. }), Step::BuildIndex(build)) => {
                        Err(self.name_builders(error, build).await)
                    }
                    (answer, _) => answer,
                }
            }
            Found::NoSign => {
                if !self.stands_still_for(NO_SIGN, task).await? {
                    return Ok(());
                }
                if matches!(
                    task.step,
                    Step::Alone {
                        repeatable: true,
                        ..
                    }
                ) {
                    return self.abandon(task, &open).await.map(drop);
                }
                Err(Error::InDoubt {
                    schema: self.plan.schema(),
                    name: task.name,
                    attempt: open.attempt,
                    at: open.at,
                    by: open.by,
                    progress: self.so_far(),
                })
            }
        }
    }

    async fn attempt(&mut self, task: &Task) -> Result<(), Error> {
        let attempt = self.ledger.next_attempt(task.version);
        if attempt > 1 && !self.sweep(task).await? {
            return self.wait(&waiting_for(task)).await;
        }
        let (body, statement) = match task.step {
            Step::BuildIndex(build) => (
                messages::name_is_free(build.schema, build.index),
                messages::build_index(build, &build_name::name(build.index, task.version, attempt)),
            ),
            Step::DropIndex { schema, index, .. } => {
                (String::new(), messages::drop_index(schema, index))
            }
            Step::Alone { statement, .. } => (String::new(), statement.sql.to_owned()),
            Step::Transaction(_) | Step::Sequence { .. } => return Ok(()),
        };
        let line = Line {
            event: Event::Started,
            task,
            attempt,
            checksum: task.checksum,
        };
        match self.write(line, &body).await? {
            Written::Committed => {}
            Written::Moved => return self.wait(&waiting_for(task)).await,
            Written::Refused(refusal) => return self.retry_or_fail(task, &refusal).await,
        }
        // What an attempt before has left half done is finished, and not begun again.
        if attempt > 1 && self.is_half_detached(task, attempt).await? {
            return self.finish(task, attempt).await;
        }
        self.settings.listener.tell(|| started(task));
        let span = span(task);
        let answer = match task.step {
            Step::BuildIndex(_) => self.session.outlive(&statement).await,
            Step::DropIndex { .. }
            | Step::Alone { .. }
            | Step::Transaction(_)
            | Step::Sequence { .. } => self.session.send(&statement).await,
        };
        match answer {
            Ok(_) => {
                self.built = Some((task.version, attempt));
                self.finish(task, attempt).await
            }
            Err(Trouble::Refused(refusal)) => {
                record(&span, &refusal);
                if self.is_half_detached(task, attempt).await? {
                    return self.finish(task, attempt).await;
                }
                match self.give_up(task, attempt).await {
                    // Why the statement failed is the news, not that the ledger was busy then.
                    Err(Error::Locked { .. } | Error::OutOfTime { .. }) => {
                        return Err(self.failed(task, &refusal));
                    }
                    answer => answer?,
                }
                let answer = self.retry_or_fail(task, &refusal).await;
                if answer.is_err() {
                    // Whether or not the rest can be dropped now, why it failed is the news.
                    let _swept = self.sweep(task).await;
                }
                answer
            }
            Err(trouble) => Err(self.trouble(trouble, &applying(task))),
        }
    }

    /// Whether a partition is marked as detached, and only the end of it is missing.
    async fn is_half_detached(&mut self, task: &Task, attempt: i32) -> Result<bool, Error> {
        let is_detachment = task
            .step
            .statements()
            .iter()
            .any(|statement| Detach::of(statement.sql).is_some());
        Ok(is_detachment && matches!(self.find(task, attempt).await?, Found::Done))
    }

    /// Publishes and records what an attempt has brought about, our own or one that was left.
    async fn finish(&mut self, task: &Task, attempt: i32) -> Result<(), Error> {
        let body = match task.step {
            Step::BuildIndex(build) => {
                messages::publish(build, &build_name::name(build.index, task.version, attempt))
            }
            Step::DropIndex { schema, index, .. } => messages::is_gone(schema, index),
            Step::Alone { statement, .. } => Detach::of(statement.sql)
                .map(|detach| messages::finish_detach(&self.plan, detach))
                .unwrap_or_default(),
            Step::Transaction(_) | Step::Sequence { .. } => String::new(),
        };
        let line = Line {
            event: task.done(),
            task,
            attempt,
            checksum: task.done_checksum(),
        };
        match self.write(line, &body).await? {
            Written::Committed => {
                self.built = None;
                if attempt > 1 {
                    // Best effort: whoever is still building drops what it built.
                    self.sweep(task).await?;
                }
                Ok(())
            }
            Written::Moved => {
                self.wait(&waiting_for(task)).await?;
                let open = self
                    .ledger
                    .open_attempt(task.version)
                    .map(|open| open.attempt);
                if self.built == Some((task.version, attempt)) && open != Some(attempt) {
                    self.built = None;
                    while !self.sweep_one(task, attempt).await? {
                        self.wait(&waiting_for(task)).await?;
                    }
                }
                Ok(())
            }
            Written::Refused(refusal) => {
                if refusal.reaction() == Reaction::Rebuild {
                    self.built = None;
                    self.give_up(task, attempt).await?;
                }
                self.retry_or_fail(task, &refusal).await
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
        self.watch = None;
        let line = Line {
            event: Event::Abandoned,
            task,
            attempt: open.attempt,
            checksum: open.checksum,
        };
        match self.write(line, "").await? {
            Written::Committed => Ok(true),
            Written::Moved => self.wait(&waiting_for(task)).await.map(|()| false),
            Written::Refused(refusal) if is_busy(&refusal) => {
                self.wait(&waiting_for(task)).await.map(|()| false)
            }
            Written::Refused(refusal) => {
                Err(self.trouble(Trouble::Refused(refusal), "recording that an attempt ended"))
            }
        }
    }

    async fn find(&mut self, task: &Task, attempt: i32) -> Result<Found, Error> {
        let probe = match task.step {
            Step::BuildIndex(build) => {
                let private = build_name::name(build.index, task.version, attempt);
                messages::probe_build(&self.frame(), self.own_limits(), build, &private)
            }
            Step::DropIndex { schema, index, .. } => {
                messages::probe_drop(&self.frame(), self.own_limits(), schema, index)
            }
            Step::Alone { statement, .. } => match Detach::of(statement.sql) {
                Some(detach) => messages::probe_detach(&self.frame(), self.own_limits(), detach),
                None => return Ok(Found::NoSign),
            },
            Step::Transaction(_) | Step::Sequence { .. } => return Ok(Found::NoSign),
        };
        match self.session.transact(&probe).await {
            Ok(answer) => {
                let last = answer.iter().rev().find_map(row);
                Ok(match last.and_then(|row| text(row, "done")) {
                    Some("t") => Found::Done,
                    Some(_) => Found::Undone,
                    // What it is about is gone, so nobody can tell.
                    None => Found::NoSign,
                })
            }
            Err(Trouble::Refused(refusal)) if is_busy(&refusal) => Ok(Found::Busy),
            // Without the table there is no index either.
            Err(Trouble::Refused(refusal)) if refusal.is_missing() => Ok(Found::Undone),
            Err(trouble) => Err(self.trouble(trouble, "looking for the rest of an attempt")),
        }
    }

    /// Whether the ledger's head has not moved for so long; waits a little when it is too early to
    /// say.
    async fn stands_still_for(&mut self, long: Duration, task: &Task) -> Result<bool, Error> {
        let seq = self.ledger.head.seq;
        match self.watch {
            Some((watched, since)) if watched == seq && since.elapsed() >= long => Ok(true),
            Some((watched, _)) if watched == seq => {
                self.wait(&waiting_for(task)).await.map(|()| false)
            }
            Some(_) | None => {
                self.watch = Some((seq, Instant::now()));
                self.wait(&waiting_for(task)).await.map(|()| false)
            }
        }
    }

    /// Drops what ended attempts have left and nobody could drop at the time.
    pub(crate) async fn tidy(&mut self, tasks: &[Task]) -> Result<(), Error> {
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
            .session
            .send(&messages::leftovers(build, task))
            .await
            .map_err(|trouble| self.trouble(trouble, "looking for left indexes"))?;
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
        let probe = messages::probe_build(&self.frame(), self.own_limits(), build, name);
        let looked = self.session.transact(&probe).await;
        if let Err(Trouble::Refused(refusal)) = &looked
            && is_busy(refusal)
        {
            return Ok(false);
        }
        let dropped = match looked {
            Ok(_) => {
                self.session
                    .send(&messages::drop_index(build.schema, name))
                    .await
            }
            refused => refused,
        };
        let schema = self.plan.schema();
        match dropped {
            Ok(_) => tracing::info!(schema, migration = task.name, "dropped a left index"),
            // With its table the index is gone too.
            Err(Trouble::Refused(refusal)) if refusal.is_missing() => {}
            Err(Trouble::Refused(refusal)) => {
                let sqlstate = refusal.said.sqlstate();
                tracing::warn!(
                    schema,
                    migration = task.name,
                    sqlstate,
                    "could not drop a left index"
                );
            }
            Err(trouble) => return Err(self.trouble(trouble, "dropping a left index")),
        }
        Ok(true)
    }
}

fn is_busy(refusal: &Refusal) -> bool {
    matches!(refusal.reaction(), Reaction::LookAgain | Reaction::Retry)
}

fn waiting_for(task: &Task) -> String {
    ["waiting for whoever applies ", task.name].concat()
}
