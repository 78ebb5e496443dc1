//! What a service runs when it starts.

use std::time::Duration;

use tokio_postgres::Client;
use tracing::Instrument as _;

use crate::error::Error;
use crate::plan::Plan;
use crate::report::Report;
use crate::run::{Run, Settings};
use crate::task::at_startup;

/// Applies the pending Startup and Seed migrations of a module, and nothing else.
///
/// Any number of instances may start at once: one of them works, the others wait and find the work
/// done. When nothing is pending, a run is one message to the server and takes no lock.
///
/// The connection is borrowed and left as it was: no lock, setting or prepared statement stays in
/// the session, so it may come from a pool and run through PgBouncer. It must not be inside a
/// transaction. A run whose future is dropped leaves nothing behind either; what the server was
/// doing at that moment it finishes or rolls back.
///
/// The indexes of `CREATE INDEX CONCURRENTLY`, and everything else that cannot run in a
/// transaction, are executed with the session's own `search_path` and timeouts: to set others would
/// leave a trace. So the names in such statements are best qualified.
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
/// let report = onward::Startup::new(plan).run(client).await?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing happens before `run`"]
pub struct Startup {
    plan: Plan,
    settings: Settings,
    pending_release: PendingRelease,
}

/// What a start does when release migrations are pending.
///
/// ```
/// fn tolerant(plan: &onward::Plan) -> onward::Startup {
///     onward::Startup::new(plan).pending_release(onward::PendingRelease::Report)
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PendingRelease {
    /// Fail with [`Error::PendingRelease`] once Startup and Seed migrations are applied.
    #[default]
    Refuse,
    /// Only list them in the report.
    Report,
}

impl Startup {
    /// With the defaults: 60 s for everything, 2 s for a lock, 10 s for a transaction's statements,
    /// and pending release migrations are refused.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Startup {
    ///     onward::Startup::new(plan)
    /// }
    /// ```
    pub const fn new(plan: &Plan) -> Self {
        const BUDGET: Duration = Duration::from_secs(60);
        Self {
            plan: *plan,
            settings: Settings {
                patience: BUDGET,
                ceiling: Some(BUDGET),
                lock_timeout: Duration::from_secs(2),
                statement_timeout: Some(Duration::from_secs(10)),
            },
            pending_release: PendingRelease::Refuse,
        }
    }

    /// How long the whole run may take; 60 s unless set.
    ///
    /// ```
    /// # use std::time::Duration;
    /// fn prepare(plan: &onward::Plan) -> onward::Startup {
    ///     onward::Startup::new(plan).budget(Duration::from_secs(20))
    /// }
    /// ```
    pub const fn budget(mut self, budget: Duration) -> Self {
        self.settings.patience = budget;
        self.settings.ceiling = Some(budget);
        self
    }

    /// How long a statement may queue for a lock before its migration is rolled back and tried
    /// again; 2 s unless set. While it queues, everybody behind it queues too.
    ///
    /// Below the server's `deadlock_timeout`, which is 1 s by default, a statement never gets past
    /// a running autovacuum: the server cancels the autovacuum only then.
    ///
    /// ```
    /// # use std::time::Duration;
    /// fn prepare(plan: &onward::Plan) -> onward::Startup {
    ///     onward::Startup::new(plan).lock_timeout(Duration::from_millis(1500))
    /// }
    /// ```
    pub const fn lock_timeout(mut self, lock_timeout: Duration) -> Self {
        self.settings.lock_timeout = lock_timeout;
        self
    }

    /// How long the statements of one migration may take together; 10 s unless set, and never
    /// longer than what is left of the budget.
    ///
    /// ```
    /// # use std::time::Duration;
    /// fn prepare(plan: &onward::Plan) -> onward::Startup {
    ///     onward::Startup::new(plan).statement_timeout(Duration::from_secs(3))
    /// }
    /// ```
    pub const fn statement_timeout(mut self, statement_timeout: Duration) -> Self {
        self.settings.statement_timeout = Some(statement_timeout);
        self
    }

    /// What to do when release migrations are pending; they are refused unless set.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Startup {
    ///     onward::Startup::new(plan).pending_release(onward::PendingRelease::Report)
    /// }
    /// ```
    pub const fn pending_release(mut self, pending_release: PendingRelease) -> Self {
        self.pending_release = pending_release;
        self
    }

    /// Brings the schema to what the binary needs, or says what hinders it.
    ///
    /// Pending data migrations are only reported: they run beside the service.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Whatever the error, each migration is wholly applied and recorded or not at
    /// all, and a later run goes on from there.
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) {
    /// match onward::Startup::new(plan).run(client).await {
    ///     Ok(report) => println!("{report}"),
    ///     Err(error @ onward::Error::PendingRelease { .. }) => println!("call an operator: {error}"),
    ///     Err(error) => println!("{error}"),
    /// }
    /// # }
    /// ```
    pub async fn run(self, client: &mut Client) -> Result<Report, Error> {
        let span = tracing::info_span!("startup", schema = self.plan.schema());
        self.start(client).instrument(span).await
    }

    async fn start(self, client: &mut Client) -> Result<Report, Error> {
        let mut run = Run::open(self.plan, self.settings, client).await?;
        run.apply(&at_startup(self.plan.startup(), self.plan.seed()))
            .await?;
        let pending = run.pending_release();
        match self.pending_release {
            PendingRelease::Refuse if !pending.is_empty() => Err(Error::PendingRelease {
                schema: self.plan.schema(),
                folder: self.plan.folder(),
                pending,
                progress: run.so_far(),
            }),
            PendingRelease::Refuse | PendingRelease::Report => Ok(run.report()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_may_be_spawned() {
        fn sendable<F: Future + Send>(_: impl FnOnce(&'static Plan, &'static mut Client) -> F) {}
        sendable(|plan, client| Startup::new(plan).run(client));
        sendable(|plan, client| crate::Release::new(plan).run(client));
        sendable(|plan, client| crate::status(client, vec![plan].leak()));
    }
}
