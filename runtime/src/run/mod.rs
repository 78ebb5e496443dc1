//! One run over one module: read the ledger, compare it with the plan, apply the next migration, until
//! none is left.
//!
//! Safety is in every single message: it takes the lock, compares and swaps the ledger's head,
//! works, writes its line and commits. So the database stays right even if the state here is wrong; the
//! state only saves reading the ledger again.

pub(crate) mod apply;
pub(crate) mod backoff;
mod batch;
pub(crate) mod clock;
pub(crate) mod doing;
pub(crate) mod errors;
pub(crate) mod fast_path;
mod gate;
mod left_indexes;
pub(crate) mod link;
mod lock_retry;
pub(crate) mod look;
pub(crate) mod non_transactional;
mod open;
pub(crate) mod operator;
mod pipeline;
mod privileges;
pub(crate) mod role;
pub(crate) mod settings;
mod together;
mod wait;
pub(crate) mod waiter;

use std::time::Duration;

use tracing::{Instrument as _, Span};

use crate::ledger::batch::Batch;
use crate::ledger::head::Head;
use crate::ledger::oldest_binary::Starting;
use crate::ledger::task::{Task, at_release, at_startup, in_background, in_order};
use crate::ledger::{Ledger, diff};
use crate::messages::{self, Frame};
use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::outcome::progress::{Pending, Progress};
use crate::outcome::report::Report;
use crate::plan::Plan;
use crate::run::doing::Doing;
use crate::run::fast_path::FastPath;
use crate::run::link::{Link, Source};
use crate::run::non_transactional::Attempts;
use crate::run::settings::Settings;
use crate::run::waiter::Waiter;
use crate::session::privileged::Privileged;
use crate::session::server_error::{Recovery, ServerError};
use crate::session::{BoxFuture, SendError};

/// The answer to the first message.
enum Seen {
    /// Nothing is pending.
    UpToDate(Box<Report>),
    /// Something is pending, or only the whole ledger can show what is wrong.
    Behind,
    NoLedger,
}

/// How often in a row the connection may end without progress in between: a migration that ends it
/// every time is not sent without end.
const MOST_LOSSES: u32 = 5;

/// How long a run waits for a standby to be promoted, and never longer than its budget.
const PROMOTION: Duration = Duration::from_secs(60);

/// How far a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// Startup and Seed.
    Startup,
    /// Release. These too on a database that is empty.
    Release,
    /// All categories, in the order in which the build checked them.
    Everything,
}

/// OpenTelemetry's names for database clients. The namespace is known after the first answer.
pub(crate) fn run_span(name: &'static str, plan: &Plan) -> Span {
    tracing::info_span!(
        "onward",
        otel.kind = "client",
        otel.name = name,
        db.system.name = "postgresql",
        db.namespace = tracing::field::Empty,
        db.operation.name = name,
        onward.schema = plan.schema(),
    )
}

/// A module's plan, its ledger, and the parts that apply what is pending.
pub(crate) struct Run<'a> {
    pub(crate) plan: Plan,
    pub(crate) settings: Settings,
    pub(crate) ledger: Ledger,
    pub(crate) link: Link<'a>,
    pub(crate) waiter: Waiter,
    progress: Progress,
    attempts: Attempts,
    /// What the run's lines belong to, once that is settled.
    batch: Option<Batch>,
    /// Whether the server has refused migrations that shared a transaction.
    is_apart: bool,
    /// Why policies do not hold the role, as far as a look has shown.
    privileged: Option<Privileged>,
}

impl<'a> Run<'a> {
    /// Connects, when the connection is not borrowed. Sends nothing about the module yet.
    pub(crate) async fn begin(
        plan: Plan,
        settings: Settings,
        source: Source<'a>,
        span: Span,
    ) -> Result<Self, Error> {
        let waiter = Waiter::new(plan, &settings);
        let link = Link::new(plan, &settings, source, waiter.clock.deadline(), span);
        let mut run = Self {
            plan,
            settings,
            ledger: Ledger::empty(),
            link,
            waiter,
            progress: Progress::default(),
            attempts: Attempts::default(),
            batch: None,
            is_apart: false,
            privileged: None,
        };
        run.connect().await?;
        Ok(run)
    }

    /// A whole run: connects, and applies what is pending until the goal is reached.
    pub(crate) fn to(
        goal: Goal,
        name: &'static str,
        plan: Plan,
        settings: Settings,
        source: Source<'a>,
    ) -> BoxFuture<'a, Result<Report, Error>> {
        let span = run_span(name, &plan);
        let run = Self::begin(plan, settings, source, span.clone());
        let run = async move { run.await?.complete(goal).await };
        Box::pin(run.instrument(span))
    }

    async fn complete(&mut self, goal: Goal) -> Result<Report, Error> {
        let answer = self.until(goal).await;
        self.end(answer).await
    }

    /// Ends the run's connection. The server is asked for a role's name behind an error only.
    pub(crate) async fn end<T>(&mut self, answer: Result<T, Error>) -> Result<T, Error> {
        let answer = match answer {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.link.name_role(error).await),
        };
        self.link.close().await;
        answer
    }

    /// Applies what is pending. On connections of its own the run goes on with the next when one ends: the
    /// ledger shows whether the last message was applied, and a run that takes the module's lock before
    /// it reads the ledger knows that no other run is still working on that message.
    pub(crate) async fn until(&mut self, goal: Goal) -> Result<Report, Error> {
        let mut losses = (0, self.ledger.head.seq);
        loop {
            match self.once(goal, losses.0).await {
                Err(Error::Connection { .. })
                    if !self.link.is_borrowed()
                        && !self.waiter.clock.is_out_of_time()
                        && losses.0 < MOST_LOSSES =>
                {
                    let seq = self.ledger.head.seq;
                    losses = if losses.1 == seq {
                        (losses.0 + 1, seq)
                    } else {
                        (1, seq)
                    };
                    self.connect().await?;
                }
                Err(standby @ Error::Standby { .. }) => {
                    if !self.waits_for_promotion().await {
                        return Err(standby);
                    }
                }
                answer => return answer,
            }
        }
    }

    async fn once(&mut self, goal: Goal, losses: u32) -> Result<Report, Error> {
        // Only the whole ledger shows whether a lost message was applied.
        let seen = if losses == 0 {
            self.fast_path(goal).await?
        } else {
            Seen::Behind
        };
        match seen {
            Seen::UpToDate(report) => return Ok(*report),
            Seen::Behind => self.open(true).await?,
            Seen::NoLedger => self.open(false).await?,
        }
        self.record_baseline().await?;
        let is_fresh = self.is_fresh();
        let startup = self.startup_tasks(is_fresh);
        match self.settle(goal)? {
            Goal::Startup => self.apply_open(&startup, is_fresh).await?,
            Goal::Release => {
                match self.is_new() {
                    true => self.apply_open(&startup, is_fresh).await?,
                    false => self.require_startup()?,
                }
                self.require_for_release().await?;
                self.require_agreement().await?;
                self.apply(&at_release(self.plan.release())).await?;
            }
            Goal::Everything => self.apply_open(&in_order(&self.plan), is_fresh).await?,
        }
        self.set_oldest_binary().await?;
        self.make_durable().await?;
        Ok(self.finish(goal))
    }

    /// A standby that is being promoted takes writes soon, and among several hosts another one may be the primary.
    /// False when the time for waiting is over.
    async fn waits_for_promotion(&mut self) -> bool {
        let waited = self.waiter.waiting_for();
        let goes_on = waited < PROMOTION
            && self
                .pause("waiting for the server to take writes")
                .await
                .is_ok();
        goes_on && self.connect().await.is_ok()
    }

    pub(crate) async fn connect(&mut self) -> Result<(), Error> {
        // What was seen of attempts was seen by a session that has ended.
        self.attempts = Attempts::default();
        self.link
            .connect(&mut self.waiter.clock, &self.progress)
            .await
    }

    /// One message, no lock: whether anything of this binary's is to do.
    async fn fast_path(&mut self, goal: Goal) -> Result<Seen, Error> {
        let limits = self.waiter.own_limits();
        let message = messages::fast_path(&self.plan, self.link.set_role(), limits);
        let answer = match self.link.session.send_first(&message).await {
            Ok(answer) => answer,
            Err(SendError::Refused(refused)) if refused.recovery() == Recovery::RollBack => {
                return Err(errors::open_transaction(&self.plan, true));
            }
            Err(SendError::Refused(refused)) => {
                return match self.link.session.engine(&refused).await {
                    Some(engine) => Err(errors::foreign_engine(&self.plan, engine)),
                    // A table that has other columns: the look at the whole ledger says whose it is.
                    None if fast_path::is_unexplained(&refused) => Ok(Seen::Behind),
                    None => {
                        let error = SendError::Refused(refused);
                        Err(self.message_failed(error, Doing::ReadingLedger))
                    }
                };
            }
            Err(error) => return Err(self.message_failed(error, Doing::ReadingLedger)),
        };
        fast_path::accept(&self.plan, &answer)?;
        let role = fast_path::look(&answer).and_then(Privileged::of);
        self.note_role(role)?;
        if fast_path::is_missing(&answer) {
            return Ok(Seen::NoLedger);
        }
        let Some(seen) = FastPath::read(&self.plan, &answer) else {
            return Ok(Seen::Behind);
        };
        self.link.note_namespace(&answer);
        let release = at_release(self.plan.release());
        let release = release.get(seen.released..).unwrap_or_default();
        let data = in_background(self.plan.data());
        let data = data.get(seen.converted..).unwrap_or_default();
        let is_behind = match goal {
            // An empty database may be only half brought up.
            Goal::Startup if !self.settings.everything_when_empty => false,
            Goal::Release => !release.is_empty() || self.settings.wanted.is_some(),
            Goal::Startup | Goal::Everything => !(release.is_empty() && data.is_empty()),
        };
        if is_behind {
            return Ok(Seen::Behind);
        }
        tracing::debug!(head = seen.head.seq, "the ledger is up to date");
        let report = self.finish_with(
            seen.head,
            None,
            release.iter().map(pending).collect(),
            data.iter().map(pending).collect(),
            Vec::new(),
        );
        Ok(Seen::UpToDate(Box::new(report)))
    }

    /// Ends the last wait, tells the listener that the run is over, and reports what it did and what is
    /// left.
    fn finish(&mut self, goal: Goal) -> Report {
        let release = self.pending(&at_release(self.plan.release()));
        let data = self.pending(&in_background(self.plan.data()));
        let seeds = at_startup(&[], self.plan.seed());
        let superseded = seeds
            .iter()
            .filter(|task| diff::is_superseded(task, &self.ledger));
        let superseded = superseded.map(pending).collect();
        let released = self.batch.filter(|_| goal == Goal::Release);
        let starting = released.and_then(|_| self.ledger.starting());
        let waiting = self.waiting();
        Report {
            waiting,
            ..self.finish_with(self.ledger.head, starting, release, data, superseded)
        }
    }

    fn finish_with(
        &mut self,
        head: Head,
        starting: Option<Starting>,
        pending_release: Vec<Pending>,
        pending_data: Vec<Pending>,
        superseded_seeds: Vec<Pending>,
    ) -> Report {
        for seed in &superseded_seeds {
            tracing::warn!(
                migration = seed.name,
                "another text of this seed is in force"
            );
        }
        self.waiter.stop();
        let (applied, waited) = (self.progress.applied.len(), self.waiter.waited());
        self.settings
            .listener
            .tell(|| Event::Finished { applied, waited });
        Report {
            schema: self.plan.schema(),
            pending_release,
            pending_data,
            superseded_seeds,
            applied: self.progress.applied.clone(),
            waiting: Vec::new(),
            waited,
            head,
            starting,
            privileged: self.privileged.clone(),
        }
    }

    fn pending(&self, tasks: &[Task]) -> Vec<Pending> {
        tasks
            .iter()
            .filter(|task| diff::is_pending(task, &self.ledger))
            .map(pending)
            .collect()
    }

    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What every message of the run has in common.
    pub(crate) fn frame(&self) -> Frame<'_> {
        frame(
            &self.plan,
            &self.settings,
            self.batch,
            &self.link,
            &self.ledger,
        )
    }

    pub(crate) fn message_failed(&self, error: SendError, doing: Doing) -> Error {
        let budget = self.waiter.budget();
        // The server ends a statement when the run's time is over, and may say so first.
        let error = match error {
            SendError::Refused(refused)
                if refused.is_canceled() && self.waiter.clock.is_out_of_time() =>
            {
                SendError::TimedOut
            }
            SendError::Refused(_) | SendError::Lost(_) | SendError::TimedOut => error,
        };
        let role = self.link.role();
        errors::message_failed(&self.plan, &self.progress, budget, role, error, doing)
    }

    pub(crate) fn statement_failed(&self, task: &Task, refused: &ServerError) -> Error {
        let (plan, waiter) = (&self.plan, &self.waiter);
        errors::statement_failed(plan, &self.progress, &self.ledger, task, refused, waiter)
    }
}

fn frame<'a>(
    plan: &'a Plan,
    settings: &'a Settings,
    batch: Option<Batch>,
    link: &'a Link<'_>,
    ledger: &Ledger,
) -> Frame<'a> {
    Frame {
        plan,
        role: link.set_role(),
        run: link.nonce(),
        batch,
        because: settings.because.as_deref(),
        has_functions: ledger.has_functions,
        has_summary: ledger.has_summary,
    }
}

fn pending(task: &Task) -> Pending {
    Pending {
        version: task.version,
        name: task.name,
    }
}

fn waiting_to_apply(task: &Task) -> String {
    ["waiting to apply ", task.name].concat()
}
