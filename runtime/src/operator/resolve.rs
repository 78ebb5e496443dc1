//! How an attempt ended whose outcome the ledger does not know.

use std::fmt;
use std::time::Duration;

use tokio_postgres::Client;

use super::{Recorded, because, recorded, settings};
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::plan::version::Version;
use crate::run::link::Source;
use crate::run::non_transactional::Found;
use crate::run::operator::Open;
use crate::run::settings::Settings;
use crate::run::{Run, run_span};
use crate::session::BoxFuture;
use crate::session::connector::Connector;
use crate::session::role::Role;
use crate::session::row::{parsed, row, text};

/// Records how an attempt ended that ran outside of a transaction and has no end in the ledger:
/// [`Error::InDoubt`] is what a start says about it.
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let resolve = onward::operator::Resolve::new(plan, "101".parse()?);
/// println!("{}", resolve.look(client).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `look` or `record`"]
pub struct Resolve {
    plan: Plan,
    settings: Settings,
    version: Version,
}

/// How an attempt ended, as an operator found out.
///
/// ```
/// assert_ne!(onward::operator::Outcome::Applied, onward::operator::Outcome::NotApplied);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its effect exists completely: the migration is applied.
    Applied,
    /// Nothing of its effect exists: the next run begins again.
    NotApplied,
}

impl Resolve {
    /// For this migration of the plan.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> Result<onward::operator::Resolve, onward::InvalidVersion> {
    ///     Ok(onward::operator::Resolve::new(plan, "101".parse()?))
    /// }
    /// ```
    pub const fn new(plan: &Plan, version: Version) -> Self {
        Self {
            plan: *plan,
            settings: settings(),
            version,
        }
    }

    /// The role that owns the module; the login's own unless set.
    ///
    /// ```
    /// fn prepare(resolve: onward::operator::Resolve) -> Result<onward::operator::Resolve, onward::InvalidRole> {
    ///     Ok(resolve.role(onward::Role::new("shop_owner")?))
    /// }
    /// ```
    pub fn role(mut self, role: Role) -> Self {
        self.settings.role = Some(role);
        self
    }

    /// What the ledger and the catalogs show. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::NoEffect`] when the migration is not in doubt; see [`Error`] for the others.
    ///
    /// ```no_run
    /// # async fn example(resolve: onward::operator::Resolve, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
    /// println!("{}", resolve.look(client).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn look(self, client: &mut Client) -> Result<Doubt, Error> {
        self.doubt(Source::Borrowed(client)).await
    }

    fn doubt(self, source: Source<'_>) -> BoxFuture<'_, Result<Doubt, Error>> {
        Box::pin(async move {
            let span = run_span("resolve", &self.plan);
            let mut run = Run::begin(self.plan, self.settings, source, span).await?;
            let answer = run.open_attempt(self.version).await;
            let schema = self.plan.schema();
            run.end(answer.map(|open| Doubt::of(schema, &open))).await
        })
    }

    /// Adds the line. What the catalogs show is not overruled, nor is an attempt ended that still runs.
    ///
    /// # Errors
    ///
    /// [`Error::NoEffect`] when the migration is not in doubt, or the catalogs say otherwise; see [`Error`] for
    /// the others.
    ///
    /// ```no_run
    /// # async fn example(resolve: onward::operator::Resolve, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
    /// use onward::operator::Outcome;
    ///
    /// println!("{}", resolve.record(Outcome::NotApplied, "the column does not exist", client).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn record(
        self,
        outcome: Outcome,
        why: &str,
        client: &mut Client,
    ) -> Result<Recorded, Error> {
        self.said(outcome, why, Source::Borrowed(client)).await
    }

    /// The same on a connection of the run's own.
    ///
    /// # Errors
    ///
    /// See [`record`](Self::record).
    ///
    /// ```no_run
    /// # async fn example(resolve: onward::operator::Resolve, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// use onward::operator::Outcome;
    ///
    /// println!("{}", resolve.record_with(Outcome::Applied, "the column exists", connector).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn record_with(
        self,
        outcome: Outcome,
        why: &str,
        connector: &Connector,
    ) -> Result<Recorded, Error> {
        self.said(outcome, why, Source::Connector(connector)).await
    }

    fn said<'a>(
        self,
        outcome: Outcome,
        why: &'a str,
        source: Source<'a>,
    ) -> BoxFuture<'a, Result<Recorded, Error>> {
        Box::pin(async move {
            let settings = because(self.settings, &self.plan, "resolved", why)?;
            let span = run_span("resolve", &self.plan);
            let mut run = Run::begin(self.plan, settings, source, span).await?;
            let schema = self.plan.schema();
            let is_running = |open: &Open| {
                let doubt = Doubt::of(schema, open);
                let session = doubt.running.first()?;
                let name = doubt.name;
                Some(format!("{name} is still running: {session}"))
            };
            let is_applied = outcome == Outcome::Applied;
            let answer = run.resolve(self.version, is_applied, is_running).await;
            let answer = answer.map(|task| {
                let what = match outcome {
                    Outcome::Applied => "is recorded as applied",
                    Outcome::NotApplied => "is recorded as not applied: the next run begins again",
                };
                recorded(&run, task.name, what.to_owned())
            });
            run.end(answer).await
        })
    }
}

/// What is known about an attempt without an end.
///
/// ```
/// fn print(doubt: &onward::operator::Doubt) {
///     println!("{doubt}");
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Doubt {
    /// The module's schema.
    pub schema: &'static str,
    /// The file's name.
    pub name: &'static str,
    /// Which attempt.
    pub attempt: i32,
    /// When it was started: RFC 3339, UTC.
    pub at: String,
    /// Which role started it.
    pub by: String,
    /// What the catalogs show of its effect.
    pub sign: Sign,
    /// The sessions that run its statement now, as far as the role may see statements of others.
    pub running: Vec<Running>,
    /// The indexes of the schema that are not valid.
    pub invalid_indexes: Vec<String>,
}

/// What the catalogs show about a statement.
///
/// ```
/// assert_eq!(onward::operator::Sign::Nothing.as_str(), "nothing");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Its effect exists, and is valid.
    Done,
    /// Its effect does not exist, or is not valid.
    Undone,
    /// A session is working on it.
    Busy,
    /// This kind of statement leaves no sign that can be read without knowing what it means.
    Nothing,
}

impl Sign {
    /// One word: `done`, `undone`, `busy` or `nothing`.
    ///
    /// ```
    /// assert_eq!(onward::operator::Sign::Busy.as_str(), "busy");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Undone => "undone",
            Self::Busy => "busy",
            Self::Nothing => "nothing",
        }
    }
}

/// A session that runs the statement.
///
/// ```
/// fn end(running: &onward::operator::Running) -> String {
///     format!("SELECT pg_terminate_backend({})", running.pid)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Running {
    /// The server process.
    pub pid: i32,
    /// The name that the session has given itself.
    pub application_name: String,
    /// For how long.
    pub age: Duration,
}

impl fmt::Display for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pid,
            application_name,
            age,
        } = self;
        write!(f, "pid {pid} `{application_name}`, for {age:.1?}")
    }
}

impl Doubt {
    fn of(schema: &'static str, open: &Open) -> Self {
        let rows = || open.signs.iter().filter_map(row);
        let kind = |kind: &'static str| rows().filter(move |row| text(row, "kind") == Some(kind));
        Self {
            schema,
            name: open.task.name,
            attempt: open.entry.attempt,
            at: open.entry.at.clone(),
            by: open.entry.by.clone(),
            sign: match open.found {
                Found::Done => Sign::Done,
                Found::Undone => Sign::Undone,
                Found::Busy => Sign::Busy,
                Found::NoSign => Sign::Nothing,
            },
            running: kind("running").filter_map(running).collect(),
            invalid_indexes: kind("invalid")
                .filter_map(|row| parsed(row, "name"))
                .collect(),
        }
    }
}

fn running(row: &tokio_postgres::SimpleQueryRow) -> Option<Running> {
    Some(Running {
        pid: parsed(row, "pid")?,
        application_name: parsed(row, "name").unwrap_or_default(),
        age: Duration::from_millis(parsed(row, "ms").unwrap_or_default()),
    })
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            schema,
            name,
            attempt,
            at,
            by,
            ..
        } = self;
        write!(
            f,
            "{schema}: {name} was started at {at} by {by} (attempt {attempt}), and the ledger has no end of it"
        )?;
        f.write_str(match self.sign {
            Sign::Done => "\n  catalogs  its effect exists and is valid; a start records that by itself",
            Sign::Undone => "\n  catalogs  its effect does not exist, or is not valid; a start repeats it by itself",
            Sign::Busy => "\n  catalogs  a session is still working on it",
            Sign::Nothing => "\n  catalogs  this kind of statement leaves no sign of its own",
        })?;
        if self.running.is_empty() {
            f.write_str("\n  sessions  none runs its statement")?;
        }
        for session in &self.running {
            write!(f, "\n  sessions  {session} runs its statement")?;
        }
        self.invalid_indexes
            .iter()
            .try_for_each(|index| write!(f, "\n  invalid   index {index}"))
    }
}
