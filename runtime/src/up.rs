//! What a developer or a CI job runs.

use std::time::Duration;

use tokio_postgres::Client;

use crate::outcome::error::Error;
use crate::outcome::report::Report;
use crate::plan::Plan;
use crate::run::link::Source;
use crate::run::settings::{Settings, common_settings};
use crate::run::{Goal, Run};
use crate::session::connector::Connector;

/// Applies everything that is pending in a module: Startup, Seed, Release and Data, in the order in which the
/// build checked them.
///
/// [`startup_only`](Self::startup_only) stops before Release, for a service whose own role may not change the schema.
///
/// For databases of development and CI, empty or not. A data migration runs as one statement, which on a large table
/// holds its locks for long; in production a [`Release`](crate::Release) is what an operator runs.
///
/// About the connection, see [`Startup`](crate::Startup).
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
/// let report = onward::Up::new(plan).run(client).await?;
/// assert!(report.pending_release().is_empty() && report.pending_data().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `run`"]
pub struct Up {
    plan: Plan,
    settings: Settings,
    goal: Goal,
}

impl Up {
    /// With the defaults of a [`Release`](crate::Release).
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Up {
    ///     onward::Up::new(plan)
    /// }
    /// ```
    pub const fn new(plan: &Plan) -> Self {
        Self {
            plan: *plan,
            settings: Settings::new(Duration::from_secs(15 * 60), None, None),
            goal: Goal::Everything,
        }
    }

    /// How long to wait for other sessions without progress in between; 15 min unless set.
    ///
    /// ```
    /// # use std::time::Duration;
    /// fn prepare(plan: &onward::Plan) -> onward::Up {
    ///     onward::Up::new(plan).budget(Duration::from_secs(60))
    /// }
    /// ```
    pub fn budget(mut self, budget: Duration) -> Self {
        self.settings.limits.waiting = budget;
        self
    }

    /// Applies what a start of the service would apply, and nothing else: Startup and Seed. Without the limits of a
    /// start, and also where release migrations are pending. It stays additive, so it is for production too.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Up {
    ///     onward::Up::new(plan).startup_only()
    /// }
    /// ```
    pub fn startup_only(mut self) -> Self {
        self.goal = Goal::Startup;
        self
    }

    /// Applies what is pending.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Whatever the error, each migration is applied and recorded completely or not at
    /// all, and a later run goes on from there.
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
    /// println!("{}", onward::Up::new(plan).run(client).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(self, client: &mut Client) -> Result<Report, Error> {
        self.bring_up(Source::Borrowed(client)).await
    }

    /// The same on a connection of the run's own: see [`Connector`] for what it can do more.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// let report = onward::Up::new(plan).run_with(connector).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with(self, connector: &Connector) -> Result<Report, Error> {
        self.bring_up(Source::Connector(connector)).await
    }

    async fn bring_up(self, source: Source<'_>) -> Result<Report, Error> {
        Run::to(self.goal, "up", self.plan, self.settings, source).await
    }
}

common_settings!(Up);
