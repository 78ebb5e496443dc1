//! Starts modules one after the other on one connection.

use std::time::Duration;

use tokio::time::Instant;
use tokio_postgres::Client;

use crate::modules::report::{ModulesError, ModulesReport};
use crate::outcome::error::Error;
use crate::outcome::report::Report;
use crate::plan::Plan;
use crate::session::connector::Connector;
use crate::startup::Startup;

/// A start of several modules with settings of the caller's: what [`Modules::with`](crate::Modules::with) returns.
///
/// ```no_run
/// # async fn example(modules: onward::Modules, connector: &onward::Connector) -> Result<(), Box<dyn std::error::Error>> {
/// let owner = |schema: &str| onward::Role::new(&format!("{schema}_owner"));
/// let owners = [("auth", owner("auth")?), ("vuln", owner("vuln")?)];
/// let start = modules.with(|plan, startup| match owners.iter().find(|(schema, _)| *schema == plan.schema()) {
///     Some((_, owner)) => startup.role(owner.clone()),
///     None => startup,
/// });
/// println!("{}", start.run_with(connector).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `run`"]
pub struct ModulesStartup<F> {
    plans: &'static [&'static Plan],
    adjust: F,
    budget: Duration,
}

impl<F: Fn(&Plan, Startup) -> Startup> ModulesStartup<F> {
    pub(crate) const fn new(plans: &'static [&'static Plan], adjust: F) -> Self {
        Self {
            plans,
            adjust,
            budget: Duration::from_secs(60),
        }
    }

    /// How long all modules together may take; 60 s unless set. A module has what the ones before it have left.
    ///
    /// ```
    /// # use std::time::Duration;
    /// fn quick(modules: onward::Modules) {
    ///     let start = modules.with(|_, startup| startup).budget(Duration::from_secs(20));
    /// }
    /// ```
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// Starts the modules.
    ///
    /// # Errors
    ///
    /// [`ModulesError`]: a module did not start. Those behind it are not tried.
    ///
    /// ```no_run
    /// # async fn example(modules: onward::Modules, client: &mut tokio_postgres::Client) -> Result<(), onward::ModulesError> {
    /// let report = modules.with(|_, startup| startup.pipeline(1)).run(client).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(self, client: &mut Client) -> Result<ModulesReport, ModulesError> {
        let mut starts = self.starts();
        while let Some(startup) = starts.next() {
            let answer = startup.run(client).await;
            starts.note(answer)?;
        }
        Ok(starts.finished)
    }

    /// The same on a connection of the runs' own, which one leaves to the next.
    ///
    /// # Errors
    ///
    /// [`ModulesError`].
    ///
    /// ```no_run
    /// # async fn example(modules: onward::Modules, connector: &onward::Connector) -> Result<(), onward::ModulesError> {
    /// let report = modules.with(|_, startup| startup.in_one_transaction()).run_with(connector).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with(self, connector: &Connector) -> Result<ModulesReport, ModulesError> {
        let schemas: Vec<&str> = self.plans.iter().map(|plan| plan.schema()).collect();
        let connector = connector.kept(&schemas.join(","));
        let mut starts = self.starts();
        while let Some(startup) = starts.next() {
            let answer = startup.run_with(&connector).await;
            starts.note(answer)?;
        }
        Ok(starts.finished)
    }

    /// Only asks whether the database has what the modules need, and applies nothing: [`Startup::verify_only`] of each.
    ///
    /// # Errors
    ///
    /// [`ModulesError`].
    ///
    /// ```no_run
    /// # async fn example(modules: onward::Modules, client: &tokio_postgres::Client) -> Result<(), onward::ModulesError> {
    /// let report = modules.with(|_, startup| startup.refuse_privileged()).verify_only(client).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn verify_only(self, client: &Client) -> Result<ModulesReport, ModulesError> {
        let mut starts = self.starts();
        while let Some(startup) = starts.next() {
            let answer = startup.verify_only().run(client).await;
            starts.note(answer)?;
        }
        Ok(starts.finished)
    }

    fn starts(self) -> Starts<F> {
        Starts {
            left: self.plans,
            adjust: self.adjust,
            since: Instant::now(),
            budget: self.budget,
            current: "",
            finished: ModulesReport {
                reports: Vec::with_capacity(self.plans.len()),
            },
        }
    }
}

/// The modules that are still to be started, and what became of those before.
struct Starts<F> {
    left: &'static [&'static Plan],
    adjust: F,
    since: Instant,
    budget: Duration,
    /// The schema of the module that was started last.
    current: &'static str,
    finished: ModulesReport,
}

impl<F: Fn(&Plan, Startup) -> Startup> Starts<F> {
    fn next(&mut self) -> Option<Startup> {
        let (plan, left) = self.left.split_first()?;
        self.left = left;
        self.current = plan.schema();
        let startup = (self.adjust)(plan, Startup::new(plan));
        let rest = self.budget.saturating_sub(self.since.elapsed());
        Some(startup.within(rest))
    }

    fn note(&mut self, answer: Result<Report, Error>) -> Result<(), ModulesError> {
        match answer {
            Ok(report) => {
                self.finished.reports.push(report);
                Ok(())
            }
            Err(error) => Err(ModulesError {
                schema: self.current,
                finished: self.finished.clone(),
                untried: self.left.iter().map(|plan| plan.schema()).collect(),
                source: Box::new(error),
            }),
        }
    }
}
