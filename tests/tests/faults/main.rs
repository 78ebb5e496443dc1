//! Faults during a run, and that the next start recovers without help.
//!
//! After every fault the same must hold, and [`support::witness::recovers`] checks it on the
//! server. `cargo test` runs each fault at some of its places; `ONWARD_FAULTS=all` at every one.

mod blockers;
mod clocks;
mod data;
mod disks;
mod flushes;
mod plans;
mod processes;
mod servers;
mod sessions;
mod settings;
mod standby;
mod support;
mod wire;

use std::time::Duration;

use onward::{Connector, Error, PendingRelease, Plan, Report, Startup};
use onward_pg::connect;
use onward_tests::harbor::HARBOR;
use tokio_postgres::{Client, NoTls};

type Answer<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
type Outcome = Answer<()>;

/// The connection that a run works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Borrowed from the caller, such as from a pool.
    Borrowed,
    /// The run's own: it holds the module's lock all the time, and connects again.
    Own,
}

/// How long a frozen run of these tests keeps its lock; in a service it is 15 s.
const LEASE: Duration = Duration::from_secs(2);

/// A start that only reports pending release migrations.
fn startup(plan: &Plan) -> Startup {
    Startup::new(plan).pending_release(PendingRelease::Report)
}

async fn start(client: &mut Client) -> Result<Report, Error> {
    startup(&HARBOR).run(client).await
}

/// The outer error is from connecting, before there is a run.
async fn run(way: Way, url: &str, startup: Startup) -> Answer<Result<Report, Error>> {
    Ok(match way {
        Way::Borrowed => startup.run(&mut connect(url).await?).await,
        Way::Own => {
            let connector = Connector::new(url.parse()?, NoTls).lease(LEASE);
            startup.run_with(&connector).await
        }
    })
}
