//! What goes wrong around a run, and that the next start puts it right without help.
//!
//! Whatever the fault, the same has to hold afterwards, and [`support::witness::recovers`] asks the server
//! for it. `cargo test` runs each fault at some of its places; `ONWARD_FAULTS=all` at every one.

mod blockers;
mod clocks;
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

/// Whose connection a run works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The caller's, which may come from anywhere.
    Borrowed,
    /// Its own: it holds the module's lock all the time, and connects again.
    Own,
}

/// How long a frozen run of ours keeps its lock; a service's does for 15 s.
const LEASE: Duration = Duration::from_secs(2);

/// A start that does not mind pending release migrations.
fn startup(plan: &Plan) -> Startup {
    Startup::new(plan).pending_release(PendingRelease::Report)
}

async fn start(client: &mut Client) -> Result<Report, Error> {
    startup(&HARBOR).run(client).await
}

/// The outer error is the connection's, before there is a run.
async fn run(way: Way, url: &str, startup: Startup) -> Answer<Result<Report, Error>> {
    Ok(match way {
        Way::Borrowed => startup.run(&mut connect(url).await?).await,
        Way::Own => {
            let connector = Connector::new(url.parse()?, NoTls).lease(LEASE);
            startup.run_with(&connector).await
        }
    })
}
