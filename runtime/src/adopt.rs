//! What an operator runs once, in a database that another tool has migrated.

use std::time::Duration;

use tokio_postgres::Client;

use crate::ledger::entry::LedgerEvent;
use crate::outcome::error::Error;
use crate::outcome::report::Report;
use crate::plan::Plan;
use crate::plan::version::Version;
use crate::run::link::Source;
use crate::run::settings::Settings;
use crate::run::{Run, run_span};
use crate::session::BoxFuture;
use crate::session::connector::Connector;
use crate::session::role::Role;

/// Creates the ledger of a schema that another tool has filled, with a line for each startup migration up to one that
/// is applied. Nothing of them runs.
///
/// The caller has made sure that they are applied: `onward adopt` reads the other tool's table for it. The other tool's
/// table stays as it is. One transaction: the ledger is there with all of its lines, or not at all.
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &mut tokio_postgres::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let adopt = onward::Adopt::new(plan, "015".parse()?, "adopted from sqlx: 15 checksums are equal");
/// let report = adopt.run(client).await?;
/// assert_eq!(report.applied().len(), 15);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `run`"]
pub struct Adopt {
    plan: Plan,
    settings: Settings,
    through: Version,
    why: String,
    event: LedgerEvent,
}

impl Adopt {
    /// Up to this startup migration. Every line keeps why it is there, beside the role and the time.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> Result<onward::Adopt, onward::InvalidVersion> {
    ///     Ok(onward::Adopt::new(plan, "015".parse()?, "baseline"))
    /// }
    /// ```
    pub fn new(plan: &Plan, through: Version, why: impl Into<String>) -> Self {
        Self {
            plan: *plan,
            settings: Settings::new(Duration::from_secs(60), None, None),
            through,
            why: why.into(),
            event: LedgerEvent::Adopted,
        }
    }

    /// The same for a schema that no tool has filled. Up to a release migration, the lines are those of all startup
    /// migrations, and of the release migrations up to that one.
    ///
    /// The caller has made sure that the schema is as they leave it: `onward baseline` compares the catalogs for it.
    ///
    /// ```
    /// fn prepare(plan: &onward::Plan) -> Result<onward::Adopt, onward::InvalidVersion> {
    ///     Ok(onward::Adopt::baseline(plan, "102".parse()?, "the dump of March is from before Onward"))
    /// }
    /// ```
    pub fn baseline(plan: &Plan, through: Version, why: impl Into<String>) -> Self {
        Self {
            event: LedgerEvent::Baseline,
            ..Self::new(plan, through, why)
        }
    }

    /// The role that owns the module; the login's own unless set.
    ///
    /// ```
    /// fn prepare(adopt: onward::Adopt) -> Result<onward::Adopt, onward::InvalidRole> {
    ///     Ok(adopt.role(onward::Role::new("shop_owner")?))
    /// }
    /// ```
    pub fn role(mut self, role: Role) -> Self {
        self.settings.role = Some(role);
        self
    }

    /// Creates the ledger. The report lists the migrations that it holds now.
    ///
    /// # Errors
    ///
    /// [`Error::HasLedger`] when there is one already; see [`Error`] for the others.
    ///
    /// ```no_run
    /// # async fn example(adopt: onward::Adopt, client: &mut tokio_postgres::Client) -> Result<(), onward::Error> {
    /// println!("{}", adopt.run(client).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run(self, client: &mut Client) -> Result<Report, Error> {
        self.adopt(Source::Borrowed(client)).await
    }

    /// The same on a connection of the run's own.
    ///
    /// # Errors
    ///
    /// See [`run`](Self::run).
    ///
    /// ```no_run
    /// # async fn example(adopt: onward::Adopt, connector: &onward::Connector) -> Result<(), onward::Error> {
    /// println!("{}", adopt.run_with(connector).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with(self, connector: &Connector) -> Result<Report, Error> {
        self.adopt(Source::Connector(connector)).await
    }

    fn adopt(self, source: Source<'_>) -> BoxFuture<'_, Result<Report, Error>> {
        Box::pin(async move {
            let span = run_span("adopt", &self.plan);
            let mut run = Run::begin(self.plan, self.settings, source, span).await?;
            let answer = run.adopt(self.event, self.through, &self.why).await;
            run.end(answer).await
        })
    }
}
