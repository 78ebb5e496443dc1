//! Another number for what was applied.

use tokio_postgres::Client;

use super::{Recorded, because, recorded, settings};
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::plan::version::Version;
use crate::run::link::Source;
use crate::run::settings::Settings;
use crate::run::{Run, run_span};
use crate::session::BoxFuture;
use crate::session::connector::Connector;
use crate::session::role::Role;

/// Records that a migration which was applied under one number has another one from now on: two branches had
/// used the same. Equal checksums prove that it is the same text.
///
/// The old number is free then, for the file of the other branch. A binary that still has the text under its old
/// number knows that it is applied.
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let renumber = onward::operator::Renumber::new(plan, "003".parse()?, "004".parse()?, "the hotfix had 003");
/// println!("{}", renumber.run(client).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `run`"]
pub struct Renumber {
    plan: Plan,
    settings: Settings,
    from: Version,
    to: Version,
    why: String,
}

impl Renumber {
    /// From the number in the ledger to the one in the plan.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> Result<onward::operator::Renumber, onward::InvalidVersion> {
    ///     Ok(onward::operator::Renumber::new(plan, "003".parse()?, "004".parse()?, "two branches"))
    /// }
    /// ```
    pub fn new(plan: &Plan, from: Version, to: Version, why: impl Into<String>) -> Self {
        Self {
            plan: *plan,
            settings: settings(),
            from,
            to,
            why: why.into(),
        }
    }

    /// The role that owns the module; the login's own unless set.
    ///
    /// ```
    /// fn prepare(renumber: onward::operator::Renumber) -> Result<onward::operator::Renumber, onward::InvalidRole> {
    ///     Ok(renumber.role(onward::Role::new("shop_owner")?))
    /// }
    /// ```
    pub fn role(mut self, role: Role) -> Self {
        self.settings.role = Some(role);
        self
    }

    /// Adds the lines.
    ///
    /// # Errors
    ///
    /// [`Error::NoEffect`] when the old number is not applied, the texts differ, or the new number is taken; see
    /// [`Error`] for the others.
    ///
    /// ```no_run
    /// # async fn example(renumber: onward::operator::Renumber, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
    /// println!("{}", renumber.run(client).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(self, client: &mut Client) -> Result<Recorded, Error> {
        self.renumber(Source::Borrowed(client)).await
    }

    /// The same on a connection of the run's own.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    ///
    /// ```no_run
    /// # async fn example(renumber: onward::operator::Renumber, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// println!("{}", renumber.run_with(connector).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with(self, connector: &Connector) -> Result<Recorded, Error> {
        self.renumber(Source::Connector(connector)).await
    }

    fn renumber(self, source: Source<'_>) -> BoxFuture<'_, Result<Recorded, Error>> {
        Box::pin(async move {
            let (from, to) = (self.from, self.to);
            let what = format!("renumbered from {from} to {to}");
            let settings = because(self.settings, &self.plan, &what, &self.why)?;
            let span = run_span("renumber", &self.plan);
            let mut run = Run::begin(self.plan, settings, source, span).await?;
            let answer = run.renumber(from, to).await;
            let what = format!("is what was applied as {from}, which is free now");
            let answer = answer.map(|task| recorded(&run, task.name, what));
            run.end(answer).await
        })
    }
}
