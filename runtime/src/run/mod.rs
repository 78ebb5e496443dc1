//! One run over one module: look, compare, apply the next, until nothing is left.
//!
//! Safety is in every single message: it takes the lock, compares and swaps the ledger's head,
//! works, writes its line and commits. So no state here has to be right for the database to stay
//! right; what is remembered only saves looking again.

mod apply;
mod backoff;
mod errors;
mod fast_path;
mod lock_retry;
mod non_transactional;
mod pipeline;
pub(crate) mod settings;
mod wait;

use std::time::Duration;

use tokio::time::Instant;
use tokio_postgres::{Client, SimpleQueryMessage};
use tracing::Span;

use crate::ledger::entry::Entry;
use crate::ledger::head::Head;
use crate::ledger::task::{Task, at_release, at_startup, in_background, tasks};
use crate::ledger::{Ledger, diff};
use crate::messages::lock_attempt::Queue;
use crate::messages::{self, Frame};
use crate::outcome::error::Error;
use crate::outcome::event::Event;
use crate::outcome::progress::{Applied, Pending, Progress};
use crate::outcome::report::Report;
use crate::plan::Plan;
use crate::plan::version::Version;
use crate::run::backoff::Backoff;
use crate::run::fast_path::Glance;
use crate::run::lock_retry::Patience;
use crate::run::settings::Settings;
use crate::session::blocker::Holder;
use crate::session::connector::{Connector, nonce};
use crate::session::row::{flag, row, text};
use crate::session::server_error::Reaction;
use crate::session::{Session, Trouble, Wire};

/// Where a run gets its connection from.
pub(crate) enum Source<'a> {
    Borrowed(&'a mut Client),
    Connector(&'a Connector),
}

/// What one message tells.
enum Seen {
    /// Nothing is to do.
    UpToDate(Report),
    /// Something is to do, or the whole ledger has to tell what is wrong.
    Behind,
    NoLedger,
}

/// How often in a row the connection may end without progress in between: a migration that ends it
/// every time is not sent for ever.
const MOST_LOSSES: u32 = 5;

/// How far a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// Startup and Seed.
    Startup,
    /// These, and Release.
    Release,
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

/// What became of a message that writes.
pub(crate) enum Written {
    /// There is a receipt, and the ledger here has the line.
    Committed,
    /// Somebody else holds the lock or was faster.
    Moved,
    /// The server refused it; nothing of it is there.
    Refused(Box<crate::session::server_error::Refusal>),
}

/// Since a migration did not get its locks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contention {
    pub(crate) since: Instant,
    pub(crate) patience: Patience,
    /// How the attempt queued that was refused.
    pub(crate) queue: Queue,
}

pub(crate) struct Run<'a> {
    pub(crate) plan: Plan,
    pub(crate) settings: Settings,
    pub(crate) session: Session<'a>,
    pub(crate) connector: Option<&'a Connector>,
    pub(crate) ledger: Ledger,
    /// `SET LOCAL ROLE`, or nothing.
    pub(crate) role: String,
    /// By which the run knows its own lines.
    pub(crate) nonce: String,
    /// Whether the session holds the module's lock.
    pub(crate) leading: bool,
    /// Whether others were faster when it was last tried.
    pub(crate) rivals: bool,
    /// The attempt outside of a transaction that this run itself has brought to its end.
    pub(crate) built: Option<(Version, i32)>,
    /// Since when the ledger's head has stood where it stands while an attempt looked dead.
    pub(crate) watch: Option<(i64, Instant)>,
    pub(crate) contention: Option<Contention>,
    /// Who was in the way when it was last asked.
    pub(crate) blockers: Vec<Holder>,
    pub(crate) progress: Progress,
    pub(crate) started: Instant,
    pub(crate) backoff: Backoff,
    pub(crate) waiting_since: Option<Instant>,
    /// When it was last asked who is in the way.
    pub(crate) asked: Option<Instant>,
    pub(crate) waited: Duration,
    pub(crate) tries: u32,
    /// Of the run; migrations have spans of their own below it.
    pub(crate) span: Span,
}

impl<'a> Run<'a> {
    /// Connects, when the connection is not borrowed. Sends nothing about the module yet.
    pub(crate) async fn begin(
        plan: Plan,
        settings: Settings,
        source: Source<'a>,
        span: Span,
    ) -> Result<Self, Error> {
        let started = Instant::now();
        let deadline = settings
            .ceiling
            .and_then(|ceiling| started.checked_add(ceiling));
        let (wire, connector) = match source {
            Source::Borrowed(client) => (Some(Wire::Borrowed(client)), None),
            Source::Connector(connector) => (None, Some(connector)),
        };
        let mut run = Self {
            role: messages::as_role(settings.role.as_ref()),
            plan,
            settings,
            session: Session::new(wire.unwrap_or(Wire::Closed), deadline),
            connector,
            ledger: Ledger::empty(),
            nonce: nonce(),
            leading: false,
            rivals: false,
            built: None,
            watch: None,
            contention: None,
            blockers: Vec::new(),
            progress: Progress::default(),
            started,
            backoff: Backoff::default(),
            waiting_since: None,
            asked: None,
            waited: Duration::ZERO,
            tries: 0,
            span,
        };
        if connector.is_some() {
            run.connect().await?;
        }
        Ok(run)
    }

    /// Glances, and when there is something to do, does it. On connections of its own the run goes on
    /// with the next when one ends: the ledger tells what became of the last message, and whoever takes
    /// the lock before it looks knows that nobody else is still at work on it.
    pub(crate) async fn complete(&mut self, goal: Goal) -> Result<Report, Error> {
        let mut losses = (0, self.ledger.head.seq);
        let answer = loop {
            match self.once(goal, losses.0).await {
                Err(Error::Connection { .. })
                    if self.connector.is_some()
                        && self.remaining() != Some(Duration::ZERO)
                        && losses.0 < MOST_LOSSES =>
                {
                    let seq = self.ledger.head.seq;
                    losses = if losses.1 == seq {
                        (losses.0 + 1, seq)
                    } else {
                        (1, seq)
                    };
                    if let Err(error) = self.connect().await {
                        break Err(error);
                    }
                }
                answer => break answer,
            }
        };
        self.close().await;
        answer
    }

    async fn once(&mut self, goal: Goal, losses: u32) -> Result<Report, Error> {
        // Only the whole ledger tells what a lost message has done.
        let seen = if losses == 0 {
            self.glance(goal).await?
        } else {
            Seen::Behind
        };
        match seen {
            Seen::UpToDate(report) => return Ok(report),
            Seen::Behind => self.open(true).await?,
            Seen::NoLedger => self.open(false).await?,
        }
        let startup = at_startup(self.plan.startup(), self.plan.seed());
        self.apply(&startup).await?;
        if goal == Goal::Release {
            self.apply(&at_release(self.plan.release())).await?;
        }
        self.settle().await?;
        Ok(self.report())
    }

    /// What every message of the run has in common.
    pub(crate) fn frame(&self) -> Frame<'_> {
        Frame {
            plan: &self.plan,
            role: &self.role,
            run: &self.nonce,
            compatible_from: self.settings.compatible_from,
            has_functions: self.ledger.has_functions,
        }
    }

    /// One message, no lock: whether anything of this binary's is to do.
    async fn glance(&mut self, goal: Goal) -> Result<Seen, Error> {
        let message = messages::fast_path(&self.plan, &self.role);
        let answer = match self.session.send(&message).await {
            Ok(answer) => answer,
            Err(Trouble::Refused(refusal)) if refusal.is_missing() => return Ok(Seen::NoLedger),
            Err(trouble) => return Err(self.trouble(trouble, "reading the ledger")),
        };
        let Some(glance) = Glance::read(&self.plan, &answer) else {
            return Ok(Seen::Behind);
        };
        self.tell_namespace(&answer);
        let release = at_release(self.plan.release());
        let release = release.get(glance.released..).unwrap_or_default();
        if goal == Goal::Release && !release.is_empty() {
            return Ok(Seen::Behind);
        }
        let data = in_background(self.plan.data());
        let data = data.get(glance.converted..).unwrap_or_default();
        tracing::debug!(head = glance.head.seq, "the ledger is up to date");
        Ok(Seen::UpToDate(self.report_of(
            glance.head,
            release.iter().map(pending).collect(),
            data.iter().map(pending).collect(),
        )))
    }

    /// Reads the ledger, and makes it when there is none.
    async fn open(&mut self, mut is_there: bool) -> Result<(), Error> {
        while !(is_there && self.look().await?) {
            if self.bootstrap().await? {
                break;
            }
            is_there = true;
        }
        let all = tasks(&self.plan);
        let due = all
            .iter()
            .filter(|task| diff::is_pending(task, &self.ledger));
        let due: Vec<_> = due.map(pending).collect();
        self.settings
            .listener
            .tell(|| Event::Behind { pending: due });
        Ok(())
    }

    /// The release migrations that are pending.
    fn pending_release(&self) -> Vec<Pending> {
        self.pending(&at_release(self.plan.release()))
    }

    fn pending(&self, tasks: &[Task]) -> Vec<Pending> {
        tasks
            .iter()
            .filter(|task| diff::is_pending(task, &self.ledger))
            .map(pending)
            .collect()
    }

    /// What the run did and what is left.
    fn report(&mut self) -> Report {
        let data = self.pending(&in_background(self.plan.data()));
        self.report_of(self.ledger.head, self.pending_release(), data)
    }

    fn report_of(
        &mut self,
        head: Head,
        pending_release: Vec<Pending>,
        pending_data: Vec<Pending>,
    ) -> Report {
        self.stop_waiting();
        let (applied, waited) = (self.progress.applied.len(), self.waited);
        self.settings
            .listener
            .tell(|| Event::Finished { applied, waited });
        Report {
            schema: self.plan.schema(),
            pending_release,
            pending_data,
            applied: self.progress.applied.clone(),
            waited,
            head,
        }
    }

    /// Reads the ledger and compares it with the plan; false when there is none. On a session of its
    /// own the run asks for the module's lock with the same message.
    pub(crate) async fn look(&mut self) -> Result<bool, Error> {
        let mut message = messages::read(&self.plan, &self.role);
        if self.session.is_direct() && !self.leading {
            message = [messages::lead(&self.plan), message].concat();
        }
        match self.session.send(&message).await {
            Ok(answer) => self.take(&answer).await?,
            Err(Trouble::Refused(refusal)) if refusal.is_missing() => return Ok(false),
            Err(trouble) => return Err(self.trouble(trouble, "reading the ledger")),
        }
        Ok(true)
    }

    /// As OpenTelemetry names it for PostgreSQL: `{database}|{schema}`.
    fn tell_namespace(&self, answer: &[SimpleQueryMessage]) {
        let database = answer
            .iter()
            .filter_map(row)
            .find_map(|row| text(row, "database"));
        if let Some(database) = database {
            let namespace = [database, "|", self.plan.schema()].concat();
            self.span.record("db.namespace", namespace);
        }
    }

    /// Takes in what a look has brought.
    async fn take(&mut self, answer: &[SimpleQueryMessage]) -> Result<(), Error> {
        if answer
            .iter()
            .filter_map(row)
            .any(|row| flag(row, "leading"))
        {
            self.leading = true;
            tracing::debug!("leading");
            self.settings.listener.tell(|| Event::Leading);
        }
        self.tell_namespace(answer);
        self.ledger = Ledger::parse(answer);
        tracing::debug!(head = self.ledger.head.seq, "read the ledger");
        // What a lost message of this run has written after all.
        let unknown: Vec<Entry> = self
            .ledger
            .entries
            .iter()
            .filter(|entry| entry.run.starts_with(&self.nonce) && entry.event.is_done())
            .cloned()
            .collect();
        if !unknown.is_empty() {
            self.settle().await?;
        }
        for entry in unknown {
            self.note(&entry);
        }
        self.check()
    }

    /// Takes a line of the run's own into its progress, unless it is there.
    pub(crate) fn note(&mut self, entry: &Entry) {
        let is_known = self
            .progress
            .applied
            .iter()
            .any(|applied| applied.version == entry.version);
        let all = tasks(&self.plan);
        let Some(task) = all.iter().find(|task| task.version == entry.version) else {
            return;
        };
        if is_known {
            return;
        }
        let applied = Applied {
            version: task.version,
            name: task.name,
            duration: entry.duration,
        };
        self.progress.applied.push(applied.clone());
        self.settings.listener.tell(|| Event::Applied(applied));
    }

    /// True when the ledger is made and read.
    async fn bootstrap(&mut self) -> Result<bool, Error> {
        let doing = "creating the schema and its ledger";
        let message = messages::bootstrap(&self.frame(), self.own_limits());
        let lead = (self.session.is_direct() && !self.leading).then(|| messages::lead(&self.plan));
        let mut window = self.session.window();
        let mut answers = Vec::new();
        let leads = lead.is_some();
        if let Some(lead) = lead {
            window.push(lead);
        }
        window.push(message);
        while let Some(answer) = window.next().await {
            answers.push(answer);
            if matches!(
                answers.last(),
                Some(Err(Trouble::Silent | Trouble::Lost(_)))
            ) {
                break;
            }
        }
        drop(window);
        let mut rows = Vec::new();
        let count = answers.len();
        for (n, answer) in answers.into_iter().enumerate() {
            let is_made = n + 1 == count && (!leads || n > 0);
            match answer {
                Ok(answer) => rows.extend(answer),
                Err(Trouble::Refused(refusal)) if is_made => {
                    return self.not_made(refusal, doing).await;
                }
                Err(trouble) => return Err(self.trouble(trouble, doing)),
            }
        }
        tracing::info!("created the ledger");
        self.tries = 0;
        self.settings.listener.tell(|| Event::LedgerCreated);
        self.take(&rows).await.map(|()| true)
    }

    async fn not_made(
        &mut self,
        refusal: Box<crate::session::server_error::Refusal>,
        doing: &str,
    ) -> Result<bool, Error> {
        self.session.roll_back().await;
        self.rivals = refusal.reaction() == Reaction::LookAgain || refusal.is_race();
        match refusal.reaction() {
            Reaction::ForeignSchema => return Err(self.foreign_schema().await),
            Reaction::LookAgain | Reaction::Retry | Reaction::RollBack => {}
            // A statement that was cancelled or took too long is tried once more, here as elsewhere.
            Reaction::RetryOnce if self.tries == 0 => self.tries = 1,
            // Two runs, or two modules, made the same thing at once.
            Reaction::Fail if refusal.is_race() => {}
            Reaction::Rebuild
            | Reaction::Standby
            | Reaction::Permission
            | Reaction::RetryOnce
            | Reaction::Lost
            | Reaction::Fail => return Err(self.trouble(Trouble::Refused(refusal), doing)),
        }
        self.pause("waiting to create the ledger").await?;
        Ok(false)
    }

    pub(crate) fn tries(&self) -> u32 {
        self.tries
    }

    pub(crate) fn so_far(&self) -> Progress {
        self.progress.clone()
    }
}

pub(crate) fn pending(task: &Task) -> Pending {
    Pending {
        version: task.version,
        name: task.name,
    }
}

pub(crate) fn applying(task: &Task) -> String {
    ["applying ", task.name].concat()
}

pub(crate) fn waiting_to_apply(task: &Task) -> String {
    ["waiting to apply ", task.name].concat()
}
