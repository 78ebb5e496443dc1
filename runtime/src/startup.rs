//! What a service runs when it starts.

mod verify_only;

pub use self::verify_only::VerifyOnly;

use std::time::Duration;

use tokio_postgres::Client;
use tracing::Instrument as _;

use crate::outcome::error::Error;
use crate::outcome::report::Report;
use crate::plan::Plan;
use crate::run::link::Source;
use crate::run::role::PrivilegedRole;
use crate::run::settings::{Settings, common_settings};
use crate::run::{Goal, Run, run_span};
use crate::session::BoxFuture;
use crate::session::connector::Connector;

/// Applies the pending Startup and Seed migrations of a module, and nothing else unless
/// [`everything_when_empty`](Self::everything_when_empty) is set.
///
/// Any number of instances may start at once: one of them works, the others wait and find the work
/// done. When nothing is pending, a run is one message to the server, whose answer is one
/// row however many migrations there are, and takes no lock.
///
/// The connection is borrowed and left as it was: no lock, setting or prepared statement stays in
/// the session, so it may come from a pool and run through PgBouncer. It must not be inside a
/// transaction. A run whose future is dropped leaves nothing behind either; what the server was
/// doing at that moment it finishes or rolls back.
///
/// On a borrowed connection the indexes of `CREATE INDEX CONCURRENTLY` are built with the session's own
/// `search_path` and timeouts: to set others would leave a trace. So the names in such statements are
/// best qualified. Everything else that cannot run in a transaction (`VACUUM`, `DETACH PARTITION ...
/// CONCURRENTLY`) needs a session of the run's own: give it a [`Connector`].
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
/// let report = onward::Startup::new(plan).run(client).await?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
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
    /// With the defaults: 60 s for everything, 35 s for locks, 10 s for a transaction's statements,
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
            settings: Settings::new(BUDGET, Some(BUDGET), Some(Duration::from_secs(10))),
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
    pub fn budget(mut self, budget: Duration) -> Self {
        self.settings.limits.waiting = budget;
        self.settings.limits.run = Some(budget);
        self
    }

    /// Brings an empty database up in one transaction: all of it or nothing. For tests, and for fresh
    /// databases on slow disks; a database that has a ledger line already is treated as without this setting.
    ///
    /// Indexes are then built without `CONCURRENTLY`. What cannot run in a transaction at all, such as
    /// `VACUUM`, and everything behind it, runs afterwards in the usual way. On PostgreSQL 15 a value
    /// that one file adds to an enum cannot be used by another in the same transaction (55P04).
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Startup {
    ///     onward::Startup::new(plan).in_one_transaction()
    /// }
    /// ```
    pub fn in_one_transaction(mut self) -> Self {
        self.settings.in_one_transaction = true;
        self
    }

    /// Brings an empty database up whole: Startup, Seed, Release and Data, in the order in which the build
    /// checked them. For development and CI, and for an installation that begins: no release runs there
    /// that could break.
    ///
    /// Empty is a schema without objects and without a ledger, and one that such a run has not finished. Any other
    /// is treated as without this setting: release migrations wait for an operator. A data migration runs
    /// there as one statement, because there are no rows but those of the seeds.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Startup {
    ///     onward::Startup::new(plan).everything_when_empty()
    /// }
    /// ```
    pub fn everything_when_empty(mut self) -> Self {
        self.settings.everything_when_empty = true;
        self
    }

    /// What to do when release migrations are pending; they are refused unless set.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Startup {
    ///     onward::Startup::new(plan).pending_release(onward::PendingRelease::Report)
    /// }
    /// ```
    pub fn pending_release(mut self, pending_release: PendingRelease) -> Self {
        self.pending_release = pending_release;
        self
    }

    /// Refuses a role that policies do not hold, before anything is applied: [`Error::Privileged`]. Unless set it is
    /// only [reported](Report::privileged).
    ///
    /// For a service that works as the application's role, and whose migrations an operator's job applies as their owner:
    /// the role that migrates owns the tables, so a start that is to apply something is refused too, from its second
    /// time on. Without a ledger, the check takes one more message.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> onward::Startup {
    ///     onward::Startup::new(plan).refuse_privileged()
    /// }
    /// ```
    pub fn refuse_privileged(mut self) -> Self {
        self.settings.privileged = PrivilegedRole::Refuse;
        self
    }

    /// Only asks whether the database has what the binary needs, and applies nothing: for a service whose role may not
    /// change the schema. What is set about pending release migrations, the role and the budget counts here too.
    ///
    /// An operator's job applies what is missing, with `onward up --startup` or a [`Startup`] of its own.
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), onward::Error> {
    /// onward::Startup::new(plan).verify_only().run(client).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn verify_only(self) -> VerifyOnly {
        VerifyOnly::new(self.plan, self.settings, self.pending_release)
    }

    /// Brings the schema to what the binary needs, or says why it cannot.
    ///
    /// Pending data migrations are only reported: a [`Worker`](crate::data::Worker) runs them beside the service.
    /// A startup migration that requires one of them waits until it is done, with the startup migrations and the seeds
    /// behind it. The start succeeds without them, lists them in [`Report::waiting`], and a later start applies
    /// them. On a fresh database they do not wait: the data migrations that they require run there at once.
    ///
    /// # Errors
    ///
    /// See [`Error`]. Whatever the error, each migration is applied and recorded completely or not at
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
        self.start(Source::Borrowed(client)).await
    }

    /// The same on a connection of the run's own: see [`Connector`] for what it can do more.
    ///
    /// When the connection ends, the run connects again and finds out what became of its last message.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// let report = onward::Startup::new(plan).run_with(connector).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with(self, connector: &Connector) -> Result<Report, Error> {
        self.start(Source::Connector(connector)).await
    }

    /// The same, and over after this time at the latest.
    pub(crate) fn within(self, rest: Duration) -> Self {
        let own = self.settings.limits.run.unwrap_or(rest);
        self.budget(own.min(rest))
    }

    fn start(self, source: Source<'_>) -> BoxFuture<'_, Result<Report, Error>> {
        let span = run_span("startup", &self.plan);
        let refuses = self.pending_release == PendingRelease::Refuse;
        let run = Run::begin(self.plan, self.settings, source, span.clone());
        let start = async move {
            let mut run = run.await?;
            let answer = match run.until(Goal::Startup).await {
                Ok(report) if refuses && !report.pending_release().is_empty() => {
                    Err(run.pending_release(&report).await)
                }
                answer => answer,
            };
            run.end(answer).await
        };
        Box::pin(start.instrument(span))
    }
}

common_settings!(Startup);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_may_be_spawned() {
        fn sendable<F: Future + Send>(_: impl FnOnce(&'static Plan, &'static mut Client) -> F) {}
        sendable(|plan, client| Startup::new(plan).run(client));
        sendable(|plan, client| crate::Release::new(plan).run(client));
        sendable(|plan, client| crate::Up::new(plan).run(client));
        sendable(|plan, client| crate::status(client, vec![plan].leak()));
        sendable(|plan, client| crate::verify(client, plan));
        sendable(|plan, client| {
            let modules: &'static [&'static Plan] = vec![plan].leak();
            crate::Modules::__new(modules).run(client)
        });
        fn sent<F: Future + Send>(_: impl FnOnce(&'static Plan, &'static Connector) -> F) {}
        sent(|plan, connector| Startup::new(plan).run_with(connector));
    }
}
