//! What a service runs when its role may not change the schema.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::Client;

use super::PendingRelease;
use crate::ledger::task::{Task, at_release, at_startup, in_background};
use crate::ledger::{Ledger, diff, gate};
use crate::messages::{self, Limits};
use crate::outcome::error::Error;
use crate::outcome::progress::{Pending, Progress, Waiting};
use crate::outcome::report::Report;
use crate::plan::Plan;
use crate::run::doing::Doing;
use crate::run::fast_path::{self, FastPath};
use crate::run::role::PrivilegedRole;
use crate::run::settings::Settings;
use crate::run::{errors, look};
use crate::session::connector::Connector;
use crate::session::privileged::Privileged;
use crate::session::server_error::Recovery;
use crate::session::{BoxFuture, SendError, ask};

/// How long the server is left alone between two tries to connect.
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// A start that only asks whether the database has what the binary needs: [`Startup::verify_only`] creates it.
///
/// It cannot apply anything. One message, whose answer is one row, when nothing is missing; a second one that reads the
/// ledger when something is. It takes no lock and leaves no trace, so it works on a standby, through PgBouncer in any
/// mode, and with `default_transaction_read_only`. The role needs `USAGE` on the module's schema, and `SELECT` on
/// `schema_migration_log` and `schema_migration_head` in it; `onward roles` prints the grants.
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) -> Result<(), onward::Error> {
/// let report = onward::Startup::new(plan).verify_only().run(client).await?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
///
/// [`Startup::verify_only`]: crate::Startup::verify_only
#[derive(Clone, Debug)]
#[must_use = "nothing is asked before `run`"]
pub struct VerifyOnly {
    plan: Plan,
    settings: Settings,
    pending_release: PendingRelease,
}

impl VerifyOnly {
    pub(super) const fn new(
        plan: Plan,
        settings: Settings,
        pending_release: PendingRelease,
    ) -> Self {
        Self {
            plan,
            settings,
            pending_release,
        }
    }

    /// Asks on this connection, which others may use at the same time. It must not be inside a transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Behind`] when migrations are missing, [`Error::PendingRelease`] when release migrations are all that is
    /// missing, and every other error of a start that finds something wrong before it applies anything.
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) {
    /// match onward::Startup::new(plan).verify_only().run(client).await {
    ///     Ok(_) => println!("ready"),
    ///     Err(error @ onward::Error::Behind { .. }) => println!("call an operator: {error}"),
    ///     Err(error) => println!("{error}"),
    /// }
    /// # }
    /// ```
    pub async fn run(self, client: &Client) -> Result<Report, Error> {
        let budget = self.budget();
        match timeout(budget, self.ask(client)).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::OutOfTime {
                schema: self.plan.schema(),
                doing: Doing::ReadingLedger.to_string(),
                budget,
                progress: Progress::default(),
            }),
        }
    }

    /// The same on a connection of its own, which it closes.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run), and [`Error::Unreachable`].
    ///
    /// ```no_run
    /// # async fn example(plan: &onward::Plan, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// onward::Startup::new(plan).verify_only().run_with(connector).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with(self, connector: &Connector) -> Result<Report, Error> {
        let since = Instant::now();
        let most = self.budget().min(connector.connect_limit());
        loop {
            let unconnected = match connector.plain().await {
                Ok(client) => return self.run(&client).await,
                Err(unconnected) => unconnected,
            };
            if let Some(engine) = unconnected.engine {
                return Err(errors::foreign_engine(&self.plan, engine));
            }
            if !unconnected.passes || since.elapsed() >= most {
                return Err(Error::Unreachable {
                    schema: self.plan.schema(),
                    tried: since.elapsed(),
                    progress: Progress::default(),
                    source: unconnected.source,
                });
            }
            sleep(BETWEEN_TRIES).await;
        }
    }

    fn budget(&self) -> Duration {
        let limits = &self.settings.limits;
        limits.run.unwrap_or(limits.waiting)
    }

    fn ask<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Report, Error>> {
        Box::pin(async move {
            let role = messages::as_role(self.settings.role.as_ref());
            let limits = Limits::reading(self.budget());
            let message = messages::fast_path(&self.plan, &role, limits);
            let answer = match ask(client, &message).await {
                Err(SendError::Refused(refused)) if refused.recovery().may_retry(1) => {
                    ask(client, &message).await
                }
                answer => answer,
            };
            let answer = match answer {
                Ok(answer) => answer,
                Err(SendError::Refused(refused)) if refused.recovery() == Recovery::RollBack => {
                    return Err(errors::open_transaction(&self.plan, true));
                }
                // Another engine, or a table with other columns: the look at the whole ledger says which.
                Err(SendError::Refused(refused)) if fast_path::is_unexplained(&refused) => {
                    return self.of_ledger(client, &role).await;
                }
                Err(error) => return Err(look::failed(client, &self.plan, error).await),
            };
            fast_path::accept(&self.plan, &answer)?;
            let privileged = fast_path::look(&answer).and_then(Privileged::of);
            self.accept_role(privileged.as_ref())?;
            if fast_path::is_missing(&answer) {
                return Err(self.behind(&Ledger::empty()));
            }
            match FastPath::of_any_server(&self.plan, &answer) {
                Some(seen) => self.of_fast_path(&seen, privileged),
                None => self.of_ledger(client, &role).await,
            }
        })
    }

    fn accept_role(&self, privileged: Option<&Privileged>) -> Result<(), Error> {
        match (self.settings.privileged, privileged) {
            (PrivilegedRole::Refuse, Some(privileged)) => Err(Error::Privileged {
                schema: self.plan.schema(),
                folder: self.plan.folder(),
                privileged: Box::new(privileged.clone()),
                progress: Progress::default(),
            }),
            (PrivilegedRole::Report, _) | (PrivilegedRole::Refuse, None) => Ok(()),
        }
    }

    /// Startup and Seed are there.
    fn of_fast_path(
        &self,
        seen: &FastPath,
        privileged: Option<Privileged>,
    ) -> Result<Report, Error> {
        let left = |tasks: Vec<Task>, done| {
            let left: &[Task] = tasks.get(done..).unwrap_or_default();
            left.iter().map(pending).collect()
        };
        let report = Report {
            head: seen.head,
            pending_release: left(at_release(self.plan.release()), seen.released),
            pending_data: left(in_background(self.plan.data()), seen.converted),
            privileged,
            ..Report::nothing(self.plan.schema())
        };
        self.accept_release(report)
    }

    /// Something is missing, or only the whole ledger shows what is wrong.
    async fn of_ledger(&self, client: &Client, role: &str) -> Result<Report, Error> {
        let plan = &self.plan;
        let mut ledger = match look::look_as(client, plan, role).await {
            Ok(ledger) => ledger,
            Err(error) => return Err(look::failed(client, plan, error).await),
        };
        // A standby has what its primary has, and nothing is written here.
        ledger.standby = false;
        self.accept_role(ledger.privileged.as_ref())?;
        errors::check(plan, &ledger, &Progress::default())?;
        let held = gate::held(plan, &ledger);
        if !self.missing(&ledger).is_empty() {
            return Err(self.behind(&ledger));
        }
        let of = |tasks: Vec<Task>| -> Vec<Pending> {
            let due = tasks.iter().filter(|task| diff::is_pending(task, &ledger));
            due.map(pending).collect()
        };
        let seeds = at_startup(&[], plan.seed());
        let superseded = { seeds.iter() }.filter(|task| diff::is_superseded(task, &ledger));
        self.accept_release(Report {
            head: ledger.head,
            waiting: { held.into_iter() }
                .map(|held| Waiting {
                    version: held.task.version,
                    name: held.task.name,
                    missing: held.missing,
                })
                .collect(),
            pending_release: of(at_release(plan.release())),
            pending_data: of(in_background(plan.data())),
            superseded_seeds: superseded.map(pending).collect(),
            privileged: ledger.privileged.clone(),
            ..Report::nothing(plan.schema())
        })
    }

    fn accept_release(&self, report: Report) -> Result<Report, Error> {
        let is_refused = self.pending_release == PendingRelease::Refuse;
        if is_refused && !report.pending_release.is_empty() {
            return Err(Error::PendingRelease {
                schema: self.plan.schema(),
                folder: self.plan.folder(),
                pending: report.pending_release,
                progress: Progress::default(),
            });
        }
        Ok(report)
    }

    /// What a start would apply, without what waits for data migrations.
    fn missing(&self, ledger: &Ledger) -> Vec<Pending> {
        let all = at_startup(self.plan.startup(), self.plan.seed());
        let due = { gate::open(&all, ledger).iter() }.filter(|task| diff::is_pending(task, ledger));
        due.map(pending).collect()
    }

    fn behind(&self, ledger: &Ledger) -> Error {
        let mut missing = self.missing(ledger);
        if self.pending_release == PendingRelease::Refuse {
            let release = at_release(self.plan.release());
            let due = release.iter().filter(|task| diff::is_pending(task, ledger));
            missing.extend(due.map(pending));
        }
        Error::Behind {
            schema: self.plan.schema(),
            folder: self.plan.folder(),
            has_ledger: ledger.head.seq > 0,
            pending: missing,
        }
    }
}

fn pending(task: &Task) -> Pending {
    Pending {
        version: task.version,
        name: task.name,
    }
}
