//! What runs do to a real PostgreSQL, with the server's own catalogs, locks and error codes as the
//! witness.
//!
//! One binary, because all of it shares one server and is linked once.

mod connections;
mod data;
mod failing;
mod ledger;
mod migrations;
mod modules;
mod operator;
mod pages;
mod support;
mod tenant;
mod testing;
mod waiting;

use onward::{Connector, PendingRelease, Plan, Release, Report, Startup};
use onward_pg::Database;
use tokio_postgres::{Client, NoTls};

/// A table, a column, a concurrent index, a release migration, a seed and a data migration.
static SHOP: Plan = onward::embed_migrations!("tests/fixtures/shop");

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A start that does not mind pending release migrations.
async fn start(plan: &Plan, client: &mut Client) -> Result<Report, onward::Error> {
    let startup = Startup::new(plan).pending_release(PendingRelease::Report);
    startup.run(client).await
}

async fn release(plan: &Plan, client: &mut Client) -> Result<Report, onward::Error> {
    Release::new(plan).run(client).await
}

/// Connections for runs to that database, and nothing in between.
fn connector(database: &Database) -> Result<Connector, tokio_postgres::Error> {
    Ok(Connector::new(database.url().parse()?, NoTls))
}

/// The names of the migrations that a run applied, in order.
fn applied(report: &Report) -> Vec<&'static str> {
    report.applied().iter().map(|one| one.name).collect()
}
