//! A database compared with a binary. Reads only.

use std::fmt;

use tokio_postgres::Client;

use crate::ledger::chain::Tampering;
use crate::ledger::drift::Drift;
use crate::ledger::head::Head;
use crate::ledger::oldest_binary::{OldestBinary, Starting};
use crate::ledger::state::{MigrationStatus, State};
use crate::ledger::task::{Task, tasks};
use crate::ledger::{Ledger, diff, gate};
use crate::outcome::error::Error;
use crate::outcome::progress::versions;
use crate::plan::Plan;
use crate::plan::version::{Category, Version};
use crate::run::look;
use crate::session::SendError;
use crate::session::privileged::Privileged;

/// The state of each plan's module in the database, in the order of the plans.
///
/// One message a plan, no lock, no write, and SELECT on the ledger is all that the role needs. While
/// a run is in progress, or where one was killed, a second message lets the server flush its log first, so
/// that what is reported is durable. What a run would refuse is data here.
///
/// # Errors
///
/// [`Error::Connection`], [`Error::Permission`] and [`Error::Server`].
///
/// ```no_run
/// # async fn example(auth: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), onward::Error> {
/// let all = onward::status(client, &[auth]).await?;
/// let is_ready = all.iter().all(onward::Status::is_ready);
/// # Ok(())
/// # }
/// ```
pub async fn status(client: &Client, plans: &[&Plan]) -> Result<Vec<Status>, Error> {
    let mut all = Vec::with_capacity(plans.len());
    for plan in plans {
        let ledger = match look::look(client, plan).await {
            Ok(ledger) => Some(ledger.with_baseline(plan)),
            Err(SendError::Refused(refused))
                if refused.is_missing() && refused.is_of_our_block() =>
            {
                None
            }
            Err(error) => return Err(look::failed(client, plan, error).await),
        };
        all.push(Status::new(plan, ledger.as_ref()));
    }
    Ok(all)
}

/// The state of one module. Prints as a table.
///
/// ```
/// fn print(status: &onward::Status) {
///     println!("{status}");
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Status {
    schema: &'static str,
    folder: &'static str,
    standby: bool,
    head: Option<Head>,
    tampering: Option<Tampering>,
    migrations: Vec<MigrationStatus>,
    drift: Vec<Drift>,
    superseded_seeds: Vec<&'static str>,
    /// The line of the text that is in force instead, for each of these.
    in_force: Vec<i64>,
    beyond: Vec<(Version, String)>,
    starting: Option<Starting>,
    may_be_held: Vec<Version>,
    privileged: Option<Privileged>,
}

impl Status {
    fn new(plan: &Plan, ledger: Option<&Ledger>) -> Self {
        let superseded: Vec<_> = ledger
            .map(|ledger| superseded(plan, ledger))
            .unwrap_or_default();
        let held = ledger.map(|ledger| gate::held_of_all(plan, ledger));
        let held = held.unwrap_or_default();
        let state = |task: &Task| {
            let waiting = held.iter().find(|one| one.task.version == task.version);
            let of_ledger = ledger.map_or(State::Pending, |ledger| State::of(task, ledger));
            match (of_ledger, waiting) {
                (State::Pending, Some(waiting)) => State::Waiting {
                    missing: waiting.missing.clone(),
                },
                (state, _) => state,
            }
        };
        Self {
            schema: plan.schema(),
            folder: plan.folder(),
            standby: ledger.is_some_and(|ledger| ledger.standby),
            head: ledger.map(|ledger| ledger.head),
            tampering: ledger.and_then(|ledger| ledger.tampering.clone()),
            migrations: tasks(plan)
                .iter()
                .map(|task| MigrationStatus {
                    version: task.version,
                    name: task.name,
                    state: state(task),
                })
                .collect(),
            drift: ledger
                .map(|ledger| diff::drift(plan, ledger))
                .unwrap_or_default(),
            superseded_seeds: superseded.iter().map(|(name, _)| *name).collect(),
            in_force: superseded.iter().map(|(_, seq)| *seq).collect(),
            beyond: ledger
                .map(|ledger| diff::beyond(plan, ledger))
                .unwrap_or_default(),
            starting: ledger.and_then(Ledger::starting),
            may_be_held: gate::may_be_held(plan),
            privileged: ledger.and_then(|ledger| ledger.privileged.clone()),
        }
    }

    /// The module's schema.
    ///
    /// ```
    /// fn is_auth(status: &onward::Status) -> bool {
    ///     status.schema() == "auth"
    /// }
    /// ```
    #[must_use]
    pub const fn schema(&self) -> &'static str {
        self.schema
    }

    /// The folder of the module, as the plan names it.
    ///
    /// ```
    /// fn cure(status: &onward::Status) -> String {
    ///     format!("onward release {} --url <url>", status.folder())
    /// }
    /// ```
    #[must_use]
    pub const fn folder(&self) -> &'static str {
        self.folder
    }

    /// The ledger's end; `None` when the schema has no ledger.
    ///
    /// ```
    /// fn is_empty(status: &onward::Status) -> bool {
    ///     status.head().is_none()
    /// }
    /// ```
    #[must_use]
    pub const fn head(&self) -> Option<Head> {
        self.head
    }

    /// Whether the server is a standby: what it shows may be behind the primary.
    ///
    /// ```
    /// fn may_lag(status: &onward::Status) -> bool {
    ///     status.is_standby()
    /// }
    /// ```
    #[must_use]
    pub const fn is_standby(&self) -> bool {
        self.standby
    }

    /// What is wrong with the ledger's hash chain, when the ledger was changed by hand.
    ///
    /// ```
    /// fn alarm(status: &onward::Status) {
    ///     if let Some(tampering) = status.tampering() {
    ///         println!("tampered: {tampering}");
    ///     }
    /// }
    /// ```
    #[must_use]
    pub const fn tampering(&self) -> Option<&Tampering> {
        self.tampering.as_ref()
    }

    /// Every migration of the plan, in the order in which a fresh database is built.
    ///
    /// ```
    /// fn print(status: &onward::Status) {
    ///     for migration in status.migrations() {
    ///         println!("{} {}", migration.name, migration.state.as_str());
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn migrations(&self) -> &[MigrationStatus] {
        &self.migrations
    }

    /// Where the ledger and the plan disagree.
    ///
    /// ```
    /// fn has_diverged(status: &onward::Status) -> bool {
    ///     !status.drift().is_empty()
    /// }
    /// ```
    #[must_use]
    pub fn drift(&self) -> &[Drift] {
        &self.drift
    }

    /// The files of the seeds whose text in the plan was applied once and then replaced by another one, which
    /// is in force. See [`Report::superseded_seeds`](crate::Report::superseded_seeds).
    ///
    /// ```
    /// fn is_in_force(status: &onward::Status) -> bool {
    ///     status.superseded_seeds().is_empty()
    /// }
    /// ```
    #[must_use]
    pub fn superseded_seeds(&self) -> &[&'static str] {
        &self.superseded_seeds
    }

    /// What the ledger has and the plan does not, behind the plan's last migration of the category: a newer
    /// release has applied it, or its file was deleted. No start refuses because of it.
    ///
    /// ```
    /// fn print(status: &onward::Status) {
    ///     for (version, name) in status.beyond() {
    ///         println!("{version}: {name} is not in the plan");
    ///     }
    /// }
    /// ```
    pub fn beyond(&self) -> impl Iterator<Item = (Version, &str)> {
        self.beyond
            .iter()
            .map(|(version, name)| (*version, name.as_str()))
    }

    /// The oldest binary that starts on the database; `None` when no release migration is applied, so that
    /// every one does.
    ///
    /// ```
    /// fn oldest(status: &onward::Status) -> Option<onward::Version> {
    ///     status.oldest_binary()?.release()
    /// }
    /// ```
    #[must_use]
    pub fn oldest_binary(&self) -> Option<OldestBinary> {
        self.starting.map(|starting| starting.oldest)
    }

    /// Why policies do not hold the role that has logged in, when they do not and the schema has a ledger.
    ///
    /// ```
    /// fn is_held_by_policies(all: &[onward::Status]) -> bool {
    ///     all.iter().all(|status| status.privileged().is_none())
    /// }
    /// ```
    #[must_use]
    pub const fn privileged(&self) -> Option<&Privileged> {
        self.privileged.as_ref()
    }

    /// The migrations of a category that are not applied, started or not.
    ///
    /// ```
    /// fn needs_operator(status: &onward::Status) -> bool {
    ///     status.pending(onward::Category::Release).next().is_some()
    /// }
    /// ```
    pub fn pending(&self, category: Category) -> impl Iterator<Item = &MigrationStatus> {
        self.migrations.iter().filter(move |migration| {
            migration.version.category() == category
                && match migration.state {
                    State::Applied { .. } => false,
                    State::Pending
                    | State::Waiting { .. }
                    | State::Running { .. }
                    | State::InDoubt { .. } => true,
                }
        })
    }

    /// Whether every startup, seed and release migration is applied, and nothing has drifted. Data migrations may be
    /// pending: no start applies them. What waits for one is not applied, so the schema is not current then; see
    /// [`is_ready`](Self::is_ready).
    ///
    /// ```
    /// fn is_complete(all: &[onward::Status]) -> bool {
    ///     all.iter().all(onward::Status::is_current)
    /// }
    /// ```
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.is_sound()
            && [Category::Startup, Category::Seed, Category::Release]
                .into_iter()
                .all(|category| self.pending(category).next().is_none())
    }
}

impl Status {
    /// Whether a service with this plan may serve: as [`is_current`](Self::is_current), but the startup migrations that
    /// require a data migration may be missing, with what stands behind them. A start goes on without them while
    /// they wait, and the end of the data migration makes no service unready that has started before.
    ///
    /// ```
    /// fn answers_probe(all: &[onward::Status]) -> bool {
    ///     all.iter().all(onward::Status::is_ready)
    /// }
    /// ```
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let mut missing = [Category::Startup, Category::Seed, Category::Release]
            .into_iter()
            .flat_map(|category| self.pending(category));
        self.is_sound() && missing.all(|one| self.may_be_held.contains(&one.version))
    }

    fn is_sound(&self) -> bool {
        self.head.is_some() && self.tampering.is_none() && self.drift.is_empty()
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.head {
            Some(head) => write!(f, "{}, ledger {head}", self.schema)?,
            None => write!(f, "{}, no ledger", self.schema)?,
        }
        if self.standby {
            f.write_str(", on a standby")?;
        }
        let width = self
            .migrations
            .iter()
            .map(|migration| migration.name.len())
            .max()
            .unwrap_or(0);
        for MigrationStatus {
            version,
            name,
            state,
        } in &self.migrations
        {
            write!(
                f,
                "\n  {name:<width$}  {:<7}  {:<8}",
                version.category(),
                state.as_str()
            )?;
            match state {
                State::Pending => {}
                State::Waiting { missing } => write!(f, "  for {}", versions(missing))?,
                State::Applied { at, by, duration } => {
                    write!(f, "  {at}  {by}  {} ms", duration.as_millis())?;
                }
                State::Running { since } => write!(f, "  since {since}")?,
                State::InDoubt { attempt, since, by } => {
                    write!(f, "  attempt {attempt} by {by} since {since}")?;
                }
            }
        }
        for (name, seq) in self.superseded_seeds.iter().zip(&self.in_force) {
            write!(
                f,
                "\n  {name}: another text of this seed is in force, a later one (#{seq}); to go back to this one, change it, \
                 if only in a comment"
            )?;
        }
        for (_, name) in &self.beyond {
            write!(
                f,
                "\n  {name}: in the ledger and not in this folder: a newer release applied it, or its file was \
                 deleted"
            )?;
        }
        if let Some(starting) = &self.starting {
            write!(f, "\n  {starting}")?;
        }
        if let Some(privileged) = self.privileged.as_ref().filter(|one| one.has_policies()) {
            write!(f, "\n  {privileged}")?;
        }
        if let Some(tampering) = &self.tampering {
            write!(f, "\n  tampered: {tampering}")?;
        }
        self.drift
            .iter()
            .try_for_each(|drift| write!(f, "\n  {}: {drift}", drift.as_str()))
    }
}

/// The seeds of which a later text is in force, and its line.
fn superseded(plan: &Plan, ledger: &Ledger) -> Vec<(&'static str, i64)> {
    tasks(plan)
        .iter()
        .filter(|task| diff::is_superseded(task, ledger))
        .filter_map(|task| Some((task.name, ledger.done(task.version)?.seq)))
        .collect()
}
