//! What an operator runs before a deploy.

use std::time::Duration;

use tokio_postgres::Client;
use tracing::Instrument as _;

use crate::outcome::error::Error;
use crate::outcome::report::Report;
use crate::plan::Plan;
use crate::plan::version::Version;
use crate::run::link::Source;
use crate::run::settings::{Settings, common_settings};
use crate::run::{Goal, Run, run_span};
use crate::session::connector::Connector;

/// Applies the pending Release migrations of a module, when an operator says so.
///
/// For a command line or a deployment job, never for a service: Release migrations may break the
/// running release: the version of the service that is deployed now. [`Startup`](crate::Startup) has no way to get here.
///
/// Pending Startup and Seed migrations are applied first, because that is the order in which the
/// build checked them: a release migration may build on what the startup of the new version adds.
/// So a release works on a fresh database, and ahead of the deploy that it belongs to.
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

    /// Says that older binaries may keep running on what this run applies: those that know the release
    /// migration `version` or a later one. The ledger keeps it. Without it, a binary that lacks one of
    /// these migrations refuses to start.
    ///
    /// ```
    /// # fn example(plan: &onward::Plan) -> Result<(), onward::InvalidVersion> {
    /// let release = onward::Release::new(plan).compatible_from("103".parse()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn compatible_from(mut self, version: Version) -> Self {
        self.settings.compatible_from = Some(version);
        self
    }

    /// Applies what is pending of Startup, Seed and Release, in this order.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Whatever the error, each migration is applied and recorded completely or not at
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
        let span = run_span("release", &self.plan);
        let run = Run::begin(self.plan, self.settings, source, span.clone());
        async move { run.await?.complete(Goal::Release).await }
            .instrument(span)
            .await
    }
}

common_settings!(Release);
