//! What an operator runs before a deploy.

use std::time::Duration;

use tokio_postgres::Client;
use tracing::Instrument as _;

use crate::error::Error;
use crate::plan::Plan;
use crate::report::Report;
use crate::run::{Run, Settings};
use crate::task::{at_release, at_startup};

/// Applies the pending Release migrations of a module: an operator's deliberate act.
///
/// For a command line or a deployment job, never for a service: Release migrations may break the
/// version that is serving. [`Startup`](crate::Startup) has no way to get here.
///
/// Pending Startup and Seed migrations are applied first, because that is the order in which the
/// compiler judged them: a release migration may build on what the startup of the new version adds.
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
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing happens before `run`"]
pub struct Release {
    plan: Plan,
    settings: Settings,
}

impl Release {
    /// With the defaults: 15 min of waiting, 2 s for a lock, and no bound for statements.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Release {
    ///     onward::Release::new(plan)
    /// }
    /// ```
    pub const fn new(plan: &Plan) -> Self {
        Self {
            plan: *plan,
            settings: Settings {
                patience: Duration::from_secs(15 * 60),
                ceiling: None,
                lock_timeout: Duration::from_secs(2),
                statement_timeout: None,
            },
        }
    }

    /// How long to wait for other sessions without getting on; 15 min unless set. The work itself
    /// does not count.
    ///
    /// ```
    /// # use std::time::Duration;
    /// fn prepare(plan: &onward::Plan) -> onward::Release {
    ///     onward::Release::new(plan).budget(Duration::from_secs(60))
    /// }
    /// ```
    pub const fn budget(mut self, budget: Duration) -> Self {
        self.settings.patience = budget;
        self
    }

    /// How long a statement may queue for a lock before its migration is rolled back and tried
    /// again; 2 s unless set. See [`Startup::lock_timeout`](crate::Startup::lock_timeout).
    ///
    /// ```
    /// # use std::time::Duration;
    /// fn prepare(plan: &onward::Plan) -> onward::Release {
    ///     onward::Release::new(plan).lock_timeout(Duration::from_secs(5))
    /// }
    /// ```
    pub const fn lock_timeout(mut self, lock_timeout: Duration) -> Self {
        self.settings.lock_timeout = lock_timeout;
        self
    }

    /// How long the statements of one migration may take together; without bound unless set.
    ///
    /// ```
    /// # use std::time::Duration;
    /// fn prepare(plan: &onward::Plan) -> onward::Release {
    ///     onward::Release::new(plan).statement_timeout(Duration::from_secs(600))
    /// }
    /// ```
    pub const fn statement_timeout(mut self, statement_timeout: Duration) -> Self {
        self.settings.statement_timeout = Some(statement_timeout);
        self
    }

    /// Applies what is pending of Startup, Seed and Release, in this order.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Whatever the error, each migration is wholly applied and recorded or not at
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
        let span = tracing::info_span!("release", schema = self.plan.schema());
        self.release(client).instrument(span).await
    }

    async fn release(self, client: &mut Client) -> Result<Report, Error> {
        let mut run = Run::open(self.plan, self.settings, client).await?;
        run.apply(&at_startup(self.plan.startup(), self.plan.seed()))
            .await?;
        run.apply(&at_release(self.plan.release())).await?;
        Ok(run.report())
    }
}
