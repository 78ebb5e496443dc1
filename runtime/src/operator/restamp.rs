//! Another checksum for a text that says the same.

use tokio_postgres::Client;

use super::{Recorded, because, recorded, settings};
use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::plan::checksum::Checksum;
use crate::plan::version::Version;
use crate::run::link::Source;
use crate::run::settings::Settings;
use crate::run::{Run, run_span};
use crate::session::BoxFuture;
use crate::session::connector::Connector;
use crate::session::role::Role;

/// Records that the plan's text of an applied migration says the same as the one that was applied: only comments
/// or blanks differ. Binaries with either text start.
///
/// The caller has proved it: `onward restamp` finds the old text by its checksum, and compares the tokens of both.
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, old: onward::Checksum, client: &mut tokio_postgres::Client)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// let restamp = onward::operator::Restamp::new(plan, "003".parse()?, old, "a comment was added");
/// println!("{}", restamp.run(client).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `run`"]
pub struct Restamp {
    plan: Plan,
    settings: Settings,
    version: Version,
    old: Checksum,
    why: String,
}

impl Restamp {
    /// `old` is the checksum of the text whose tokens are those of the plan's text.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan, old: onward::Checksum) -> Result<onward::operator::Restamp, onward::InvalidVersion> {
    ///     Ok(onward::operator::Restamp::new(plan, "003".parse()?, old, "a comment was added"))
    /// }
    /// ```
    pub fn new(plan: &Plan, version: Version, old: Checksum, why: impl Into<String>) -> Self {
        Self {
            plan: *plan,
            settings: settings(),
            version,
            old,
            why: why.into(),
        }
    }

    /// The role that owns the module; the login's own unless set.
    ///
    /// ```
    /// fn prepare(restamp: onward::operator::Restamp) -> Result<onward::operator::Restamp, onward::InvalidRole> {
    ///     Ok(restamp.role(onward::Role::new("shop_owner")?))
    /// }
    /// ```
    pub fn role(mut self, role: Role) -> Self {
        self.settings.role = Some(role);
        self
    }

    /// Adds the line.
    ///
    /// # Errors
    ///
    /// [`Error::NoEffect`] when the migration is not applied, or not with the old text; see [`Error`] for the
    /// others.
    ///
    /// ```no_run
    /// # async fn example(restamp: onward::operator::Restamp, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
    /// println!("{}", restamp.run(client).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(self, client: &mut Client) -> Result<Recorded, Error> {
        self.restamp(Source::Borrowed(client)).await
    }

    /// The same on a connection of the run's own.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    ///
    /// ```no_run
    /// # async fn example(restamp: onward::operator::Restamp, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// println!("{}", restamp.run_with(connector).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with(self, connector: &Connector) -> Result<Recorded, Error> {
        self.restamp(Source::Connector(connector)).await
    }

    fn restamp(self, source: Source<'_>) -> BoxFuture<'_, Result<Recorded, Error>> {
        Box::pin(async move {
            let settings = because(self.settings, &self.plan, "restamped", &self.why)?;
            let span = run_span("restamp", &self.plan);
            let mut run = Run::begin(self.plan, settings, source, span).await?;
            let answer = run.restamp(self.version, self.old).await;
            let what = "is applied, with its new text too";
            let answer = answer.map(|task| recorded(&run, task.name, what.to_owned()));
            run.end(answer).await
        })
    }
}
