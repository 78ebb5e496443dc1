//! What an operator runs before the deploy that needs it.

use std::time::Duration;

use tokio_postgres::Client;

use crate::ledger::batch::Wanted;
use crate::ledger::oldest_binary::OldestBinary;
use crate::outcome::error::Error;
use crate::outcome::report::Report;
use crate::plan::{Agreement, Plan};
use crate::run::link::Source;
use crate::run::settings::{Settings, common_settings};
use crate::run::{Goal, Run};
use crate::session::connector::Connector;

/// Applies the pending Release migrations of a module, when an operator says so.
///
/// For a command line or a deployment job, never for a service. A release migration takes away what the
/// running release, the version of the service that is deployed now, no longer needs; it runs before the
/// deploy of the version that has it, whose start refuses until then.
///
/// The running release keeps starting on what is applied: see [`compatible_from`](Self::compatible_from).
///
/// It is refused while Startup or Seed migrations are pending: a release takes away what the startup of the new
/// version replaces, so that has to be there first. A start of that version applies it, also one that is then refused
/// because of the release, and so does [`Up::startup_only`](crate::Up::startup_only). A database that is empty has no
/// running release, and is brought up with all three.
///
/// About the connection, see [`Startup`](crate::Startup).
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
/// let report = onward::Release::new(plan).run(client).await?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `run`"]
pub struct Release {
    plan: Plan,
    settings: Settings,
    approved_by: Option<String>,
    ticket: Option<String>,
}

impl Release {
    /// With the defaults: 15 min of waiting, 35 s for locks, and no bound for statements.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Release {
    ///     onward::Release::new(plan)
    /// }
    /// ```
    pub const fn new(plan: &Plan) -> Self {
        Self {
            plan: *plan,
            settings: Settings::new(Duration::from_secs(15 * 60), None, None),
            approved_by: None,
            ticket: None,
        }
    }

    /// How long to wait for other sessions without progress in between; 15 min unless set. The work itself
    /// does not count.
    ///
    /// ```
    /// # use std::time::Duration;
    /// fn prepare(plan: &onward::Plan) -> onward::Release {
    ///     onward::Release::new(plan).budget(Duration::from_secs(60))
    /// }
    /// ```
    pub fn budget(mut self, budget: Duration) -> Self {
        self.settings.limits.waiting = budget;
        self
    }

    /// Says which binaries may start from now on: those that know this release migration or a later one; of
    /// `none`, also those that know no release migration. The ledger keeps it, with the role and the time.
    ///
    /// Unless said, binaries start that know every release migration but those that this run applies:
    /// among them the running release. Without anything to apply, it is changed for what is applied already.
    ///
    /// ```
    /// # fn example(plan: &onward::Plan) -> Result<(), onward::InvalidOldestBinary> {
    /// let release = onward::Release::new(plan).compatible_from("103".parse()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn compatible_from(mut self, oldest: OldestBinary) -> Self {
        self.settings.wanted = Some(Wanted::From(oldest));
        self
    }

    /// Says that from now on only binaries start that know everything that is applied: a pod of the running
    /// release that restarts before the deploy refuses.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Release {
    ///     onward::Release::new(plan).breaks_running()
    /// }
    /// ```
    pub fn breaks_running(mut self) -> Self {
        self.settings.wanted = Some(Wanted::OnlyNewest);
        self
    }

    /// Who has approved the run. The ledger keeps it with each line of the run.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Release {
    ///     onward::Release::new(plan).approved_by("alice")
    /// }
    /// ```
    pub fn approved_by(mut self, who: impl Into<String>) -> Self {
        self.approved_by = Some(who.into());
        self
    }

    /// Where it was approved. The ledger keeps it with each line of the run.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Release {
    ///     onward::Release::new(plan).approved_by("alice").ticket("OPS-42")
    /// }
    /// ```
    pub fn ticket(mut self, ticket: impl Into<String>) -> Self {
        self.ticket = Some(ticket.into());
        self
    }

    /// The [`agreements`](Plan::agreements) for which the command has asked, and no row differed.
    #[doc(hidden)]
    pub fn __agreed(mut self, agreed: Vec<&'static Agreement>) -> Self {
        self.settings.agreed = agreed;
        self
    }

    /// Applies what is pending of Release, and on an empty database Startup and Seed before it.
    ///
    /// # Errors
    ///
    /// [`Error::PendingStartup`] when a start has to come first, [`Error::Requires`] when a data migration is not done,
    /// [`Error::Disagrees`] when a column would be dropped whose values its successor does not have; see [`Error`]. Whatever the error, each migration is applied and recorded completely or not at
    /// all, and a later run goes on from there.
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
    /// for applied in onward::Release::new(plan).run(client).await?.applied() {
    ///     println!("{} in {:?}", applied.name, applied.duration);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(self, client: &mut Client) -> Result<Report, Error> {
        self.release(Source::Borrowed(client)).await
    }

    /// The same on a connection of the run's own: see [`Connector`] for what it can do more.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// let report = onward::Release::new(plan).run_with(connector).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with(self, connector: &Connector) -> Result<Report, Error> {
        self.release(Source::Connector(connector)).await
    }

    async fn release(self, source: Source<'_>) -> Result<Report, Error> {
        let settings = Settings {
            because: self.because(),
            ..self.settings
        };
        Run::to(Goal::Release, "release", self.plan, settings, source).await
    }

    /// Behind the build's name, as it is without approval.
    fn because(&self) -> Option<String> {
        let approved = self.approved_by.as_ref();
        let approved = approved.map(|who| format!(", approved by {who}"));
        let ticket = self
            .ticket
            .as_ref()
            .map(|ticket| format!(", ticket {ticket}"));
        if approved.is_none() && ticket.is_none() {
            return None;
        }
        let said = [approved, ticket].into_iter().flatten();
        Some(
            std::iter::once(self.plan.build().to_owned())
                .chain(said)
                .collect(),
        )
    }
}

common_settings!(Release);
