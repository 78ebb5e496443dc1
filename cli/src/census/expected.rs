//! What the files create, and how a database differs from it.

use std::collections::BTreeSet;

use onward::plan::Migration;
use onward::{Plan, Role, State, Version, status};
use tokio_postgres::Client;

use super::scratch::Empty;
use super::{Census, CensusError, Difference, differences, foreign};
use crate::bridge::part;
use crate::connect::Target;

/// What is compared: the modules of one database.
pub(crate) struct Wanted<'a> {
    pub(crate) plans: &'a [Plan],
    pub(crate) live: &'a Client,
    pub(crate) scratch: &'a Target,
    pub(crate) role: Option<&'a Role>,
    /// A table of another tool, under a name that it does not have by default.
    pub(crate) beside: Option<&'a str>,
}

impl Wanted<'_> {
    async fn census(&self, client: &Client, schema: &'static str) -> Result<Census, CensusError> {
        let read = Census::of(client, schema, self.beside).await;
        read.map_err(|source| CensusError::Catalogs { schema, source })
    }
}

/// How one module differs.
pub(crate) struct Compared {
    pub(crate) schema: &'static str,
    pub(crate) folder: &'static str,
    /// How many migrations are applied.
    pub(crate) applied: usize,
    pub(crate) differences: Vec<Difference>,
}

/// Compares each module with what its ledger has applied.
pub(crate) async fn compare(wanted: &Wanted<'_>) -> Result<Vec<Compared>, CensusError> {
    let mut parts = Vec::new();
    for plan in wanted.plans {
        let applied = applied(wanted.live, plan).await?;
        parts.push((
            part(plan, |version| applied.contains(&version)),
            applied.len(),
        ));
    }
    Empty::with(wanted.scratch, wanted.role, async |scratch| {
        let inside = scratch.connect().await?;
        foreign::copy(wanted.live, &inside, wanted.plans).await?;
        for n in in_order(wanted.plans) {
            build(scratch, &parts[n].0, wanted.role).await?;
        }
        let mut all = Vec::new();
        for (plan, applied) in &parts {
            let by_files = wanted.census(&inside, plan.schema()).await?;
            let in_database = wanted.census(wanted.live, plan.schema()).await?;
            all.push(Compared {
                schema: plan.schema(),
                folder: plan.folder(),
                applied: *applied,
                differences: differences(&by_files, &in_database),
            });
        }
        Ok(all)
    })
    .await
}

/// How a database differs from what a plan's startup migrations up to this one leave.
pub(crate) async fn at(
    wanted: &Wanted<'_>,
    plan: &Plan,
    through: Version,
) -> Result<Vec<Difference>, CensusError> {
    let in_database = wanted.census(wanted.live, plan.schema()).await?;
    let applied = part(plan, |one| {
        one.category() == through.category() && one <= through
    });
    Empty::with(wanted.scratch, wanted.role, async |scratch| {
        let inside = scratch.connect().await?;
        foreign::copy(wanted.live, &inside, wanted.plans).await?;
        build(scratch, &applied, wanted.role).await?;
        let by_files = wanted.census(&inside, plan.schema()).await?;
        Ok(differences(&by_files, &in_database))
    })
    .await
}

/// How far into a plan a database without a ledger is: the newest migration after which nothing differs, or that with the
/// fewest differences. `None` for a plan without migrations.
pub(crate) async fn nearest(
    wanted: &Wanted<'_>,
    plan: &Plan,
) -> Result<Option<(Version, Vec<Difference>)>, CensusError> {
    let in_database = wanted.census(wanted.live, plan.schema()).await?;
    let startup = plan.startup().iter().map(Migration::version);
    let release = plan.release().iter().map(Migration::version);
    let order: Vec<Version> = startup.chain(release).collect();
    Empty::with(wanted.scratch, wanted.role, async |scratch| {
        let inside = scratch.connect().await?;
        foreign::copy(wanted.live, &inside, wanted.plans).await?;
        let mut best: Option<(Version, Vec<Difference>)> = None;
        for (n, version) in order.iter().enumerate() {
            let through = part(plan, |one| order[..=n].contains(&one));
            build(scratch, &through, wanted.role).await?;
            let by_files = wanted.census(&inside, plan.schema()).await?;
            let found = differences(&by_files, &in_database);
            // A later file that changes rows only leaves the same schema: the newest counts.
            let is_better = best
                .as_ref()
                .is_none_or(|(_, least)| found.len() <= least.len());
            if is_better {
                best = Some((*version, found));
            }
        }
        Ok(best)
    })
    .await
}

async fn applied(live: &Client, plan: &Plan) -> Result<BTreeSet<Version>, CensusError> {
    let all = status(live, &[plan]).await;
    let all = all.map_err(|error| CensusError::Status(Box::new(error)))?;
    let Some(status) = all.first().filter(|status| status.head().is_some()) else {
        return Err(CensusError::NoLedger(plan.schema()));
    };
    let done = status.migrations().iter();
    let done = done.filter(|one| matches!(one.state, State::Applied { .. }));
    Ok(done.map(|one| one.version).collect())
}

async fn build(scratch: &Empty, plan: &Plan, role: Option<&Role>) -> Result<(), CensusError> {
    let mut up = onward::Up::new(plan);
    if let Some(role) = role {
        up = up.role(role.clone());
    }
    let built = up.run_with(&scratch.target().connector()).await;
    let failed = |source| CensusError::Files {
        schema: plan.schema(),
        source: Box::new(source),
    };
    built.map(drop).map_err(failed)
}

/// A module comes after those whose objects it needs.
fn in_order(plans: &[Plan]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    let mut left: Vec<usize> = (0..plans.len()).collect();
    while !left.is_empty() {
        let waits = |n: &usize| {
            let needs = plans[*n].needs().iter();
            let mut needs = needs.map(|need| need.schema);
            needs.any(|schema| {
                left.iter()
                    .any(|other| other != n && plans[*other].schema() == schema)
            })
        };
        let next = left.iter().position(|n| !waits(n)).unwrap_or(0);
        order.push(left.remove(next));
    }
    order
}
