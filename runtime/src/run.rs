//! One run over one module: look, compare, apply the next, until nothing is left.
//!
//! Safety is in every single message: it takes the lock, compares and swaps the ledger's head,
//! works, writes its line and commits. So no state here has to be right for the database to stay
//! right; what is remembered only saves looking again.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::backoff::Backoff;
use crate::checksum::Checksum;
use crate::diff;
use crate::entry::{Entry, duration, parsed};
use crate::error::Error;
use crate::ledger::{self, Ledger, row};
use crate::message::{self, Limits, Line};
use crate::plan::{Plan, Step};
use crate::progress::{Applied, Pending, Progress};
use crate::refusal::{Reaction, Refusal};
use crate::report::Report;
use crate::session::{Session, Trouble};
use crate::task::{Task, at_release, in_background};
use crate::version::Version;

/// How long a run may take, and its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// For waiting on others, without progress of our own in between.
    pub(crate) patience: Duration,
    /// For everything together.
    pub(crate) ceiling: Option<Duration>,
    pub(crate) lock_timeout: Duration,
    pub(crate) statement_timeout: Option<Duration>,
}

/// What became of a message that writes.
pub(crate) enum Written {
    /// There is a receipt, and the ledger here has the line.
    Committed,
    /// Somebody else holds the lock or was faster.
    Moved,
    /// The server refused it; nothing of it is there.
    Refused(Box<Refusal>),
}

pub(crate) struct Run<'a> {
    pub(crate) plan: Plan,
    pub(crate) session: Session<'a>,
    pub(crate) ledger: Ledger,
    /// The attempt outside of a transaction that this run itself has brought to its end.
    pub(crate) built: Option<(Version, i32)>,
    /// Since when the ledger's head has stood where it stands while an attempt looked dead.
    pub(crate) watch: Option<(i64, Instant)>,
    settings: Settings,
    started: Instant,
    progress: Progress,
    backoff: Backoff,
    waiting_since: Option<Instant>,
    waited: Duration,
    tries: u32,
}

impl<'a> Run<'a> {
    /// Reads the ledger, and makes it when there is none.
    pub(crate) async fn open(
        plan: Plan,
        settings: Settings,
        client: &'a mut Client,
    ) -> Result<Self, Error> {
        let started = Instant::now();
        let deadline = settings
            .ceiling
            .and_then(|ceiling| started.checked_add(ceiling));
        let mut run = Self {
            plan,
            session: Session::new(client, deadline),
            ledger: Ledger::empty(),
            built: None,
            watch: None,
            settings,
            started,
            progress: Progress::default(),
            backoff: Backoff::default(),
            waiting_since: None,
            waited: Duration::ZERO,
            tries: 0,
        };
        while !run.look().await? {
            run.bootstrap().await?;
        }
        Ok(run)
    }

    /// Applies what is pending among the tasks, in their order.
    pub(crate) async fn apply(&mut self, tasks: &[Task]) -> Result<(), Error> {
        while let Some(task) = tasks
            .iter()
            .find(|task| diff::is_pending(task, &self.ledger))
        {
            if self.remaining().is_some_and(|left| left.is_zero()) {
                return Err(self.out_of_time(format!("{} was still to run", task.name)));
            }
            self.require(task)?;
            match task.step {
                Step::Transaction(statements) => {
                    let body = message::body(&self.plan, statements);
                    let line = Line {
                        event: task.done(),
                        task,
                        attempt: self.ledger.next_attempt(task.version),
                        checksum: task.checksum,
                    };
                    match self.write(line, &body).await? {
                        Written::Committed => {}
                        Written::Moved => self.wait(&waiting_to_apply(task)).await?,
                        Written::Refused(refusal) => self.retry_or_fail(task, &refusal).await?,
                    }
                }
                Step::BuildIndex(_) | Step::DropIndex { .. } | Step::Alone { .. } => {
                    self.detached(task).await?;
                }
            }
        }
        self.tidy(tasks).await
    }

    /// The release migrations that are pending.
    pub(crate) fn pending_release(&self) -> Vec<Pending> {
        self.pending(&at_release(self.plan.release()))
    }

    fn pending(&self, tasks: &[Task]) -> Vec<Pending> {
        tasks
            .iter()
            .filter(|task| diff::is_pending(task, &self.ledger))
            .map(|task| Pending {
                version: task.version,
                name: task.name,
            })
            .collect()
    }

    /// What the run did and what is left.
    pub(crate) fn report(mut self) -> Report {
        self.stop_waiting();
        Report {
            schema: self.plan.schema(),
            pending_release: self.pending_release(),
            pending_data: self.pending(&in_background(self.plan.data())),
            applied: self.progress.applied,
            waited: self.waited,
            head: self.ledger.head,
        }
    }

    /// Reads the ledger and compares it with the plan; false when there is none.
    async fn look(&mut self) -> Result<bool, Error> {
        let doing = "reading the ledger";
        match self.session.send(&ledger::read(&self.plan)).await {
            Ok(answer) => self.ledger = Ledger::parse(&answer),
            Err(Trouble::Refused(refusal)) if refusal.is_missing() => return Ok(false),
            Err(trouble) => return Err(self.trouble(trouble, doing)),
        }
        tracing::debug!(
            schema = self.plan.schema(),
            head = self.ledger.head.seq,
            "read the ledger"
        );
        self.check().map(|()| true)
    }

    async fn bootstrap(&mut self) -> Result<(), Error> {
        let doing = "creating the schema and its ledger";
        let message = message::bootstrap(&self.plan, self.limits());
        let refusal = match self.session.transact(&message).await {
            Ok(_) => {
                tracing::info!(schema = self.plan.schema(), "created the ledger");
                return Ok(());
            }
            Err(Trouble::Refused(refusal)) => refusal,
            Err(trouble) => return Err(self.trouble(trouble, doing)),
        };
        match refusal.reaction() {
            Reaction::ForeignSchema => Err(self.foreign_schema().await),
            Reaction::LookAgain | Reaction::Retry => {
                self.pause("waiting to create the ledger").await
            }
            // Two runs, or two modules, made the same thing at once.
            Reaction::Fail if refusal.is_race() => self.pause("waiting to create the ledger").await,
            Reaction::Rebuild
            | Reaction::Standby
            | Reaction::RollBack
            | Reaction::Permission
            | Reaction::RetryOnce
            | Reaction::Lost
            | Reaction::Fail => Err(self.trouble(Trouble::Refused(refusal), doing)),
        }
    }

    /// Sends one write. With a receipt the line is in the ledger, here and there.
    pub(crate) async fn write(&mut self, line: Line<'_>, body: &str) -> Result<Written, Error> {
        let message = message::write(&self.plan, self.limits(), self.ledger.head, line, body);
        let answer = match self.session.transact(&message).await {
            Ok(answer) => answer,
            Err(Trouble::Refused(refusal)) => {
                return match refusal.reaction() {
                    Reaction::LookAgain => Ok(Written::Moved),
                    Reaction::Standby => Err(self.standby()),
                    Reaction::Rebuild
                    | Reaction::ForeignSchema
                    | Reaction::RollBack
                    | Reaction::Permission
                    | Reaction::Retry
                    | Reaction::RetryOnce
                    | Reaction::Lost
                    | Reaction::Fail => Ok(Written::Refused(refusal)),
                };
            }
            Err(trouble) => return Err(self.trouble(trouble, &applying(line.task))),
        };
        let Some(entry) = receipt(&answer, line) else {
            return Ok(Written::Moved);
        };
        tracing::info!(
            schema = self.plan.schema(),
            migration = line.task.name,
            event = line.event.as_str(),
            seq = entry.seq,
            ms = entry.duration.as_millis(),
            "wrote the ledger"
        );
        if line.event.is_done() {
            self.progress.applied.push(Applied {
                version: line.task.version,
                name: line.task.name,
                duration: entry.duration,
            });
            self.tries = 0;
            self.backoff.reset();
            self.stop_waiting();
        }
        self.ledger.push(entry);
        Ok(Written::Committed)
    }

    /// Passing trouble is tried again while there is time; everything else is final.
    pub(crate) async fn retry_or_fail(
        &mut self,
        task: &Task,
        refusal: &Refusal,
    ) -> Result<(), Error> {
        self.tries = self.tries.saturating_add(1);
        let again = match refusal.reaction() {
            Reaction::Retry => true,
            Reaction::RetryOnce | Reaction::Rebuild => self.tries < 2,
            Reaction::LookAgain
            | Reaction::Standby
            | Reaction::ForeignSchema
            | Reaction::RollBack
            | Reaction::Permission
            | Reaction::Lost
            | Reaction::Fail => false,
        };
        tracing::warn!(
            schema = self.plan.schema(),
            migration = task.name,
            sqlstate = refusal.said.sqlstate(),
            tries = self.tries,
            again,
            "the server refused a migration"
        );
        if !again {
            return Err(self.failed(task, refusal));
        }
        match self.wait(&waiting_to_apply(task)).await {
            Err(Error::Locked { .. }) => Err(self.failed(task, refusal)),
            answer => answer,
        }
    }

    /// Sleeps a little, then looks again.
    pub(crate) async fn wait(&mut self, doing: &str) -> Result<(), Error> {
        self.pause(doing).await?;
        let before = self.ledger.head;
        if !self.look().await? {
            return Err(self.foreign_schema().await);
        }
        if self.ledger.head != before {
            // Somebody gets on, so it is worth to look again soon, and to wait longer.
            self.backoff.reset();
            self.stop_waiting();
        }
        Ok(())
    }

    async fn pause(&mut self, doing: &str) -> Result<(), Error> {
        let now = Instant::now();
        let since = *self.waiting_since.get_or_insert(now);
        let pause = self.backoff.next();
        let waited = now.duration_since(since);
        let is_over = waited.saturating_add(pause) > self.settings.patience
            || self.remaining().is_some_and(|left| pause > left);
        if is_over {
            return Err(self.locked(doing, waited).await);
        }
        tracing::debug!(schema = self.plan.schema(), doing, ?pause, "waiting");
        sleep(pause).await;
        Ok(())
    }

    fn stop_waiting(&mut self) {
        if let Some(since) = self.waiting_since.take() {
            self.waited = self.waited.saturating_add(since.elapsed());
        }
    }

    /// What is left of the ceiling.
    fn remaining(&self) -> Option<Duration> {
        let ceiling = self.settings.ceiling?;
        Some(ceiling.saturating_sub(self.started.elapsed()))
    }

    pub(crate) fn limits(&self) -> Limits {
        let bounds = [self.settings.statement_timeout, self.remaining()];
        let statement_timeout = bounds.into_iter().flatten().min();
        // The shorter one says why: a lock that was not to be had is told from a slow statement.
        let lock_timeout = statement_timeout.map_or(self.settings.lock_timeout, |all| {
            self.settings.lock_timeout.min(all.mul_f64(0.9))
        });
        Limits {
            lock_timeout,
            statement_timeout,
        }
    }

    pub(crate) fn budget(&self) -> Duration {
        self.settings.ceiling.unwrap_or(self.settings.patience)
    }

    pub(crate) fn tries(&self) -> u32 {
        self.tries
    }

    pub(crate) fn so_far(&self) -> Progress {
        self.progress.clone()
    }
}

pub(crate) fn applying(task: &Task) -> String {
    ["applying ", task.name].concat()
}

fn waiting_to_apply(task: &Task) -> String {
    ["waiting to apply ", task.name].concat()
}

fn receipt(answer: &[SimpleQueryMessage], line: Line<'_>) -> Option<Entry> {
    let row = answer.iter().rev().find_map(row)?;
    let chain: Checksum = parsed(row, "chain")?;
    Some(Entry {
        seq: parsed(row, "seq")?,
        event: line.event,
        version: line.task.version,
        name: line.task.name.to_owned(),
        attempt: line.attempt,
        checksum: line.checksum,
        chain,
        at: parsed(row, "at")?,
        by: parsed(row, "who")?,
        duration: duration(row),
        linked: true,
    })
}
