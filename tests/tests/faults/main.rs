//! What goes wrong around a run, and that the next start puts it right without help.
//!
//! Whatever the fault, the same has to hold afterwards, and [`harbor::recovers`] asks the server
//! for it. `cargo test` runs each fault at some of its places; `ONWARD_FAULTS=all` at every one.

mod clocks;
mod disks;
mod harbor;
mod held;
mod holders;
mod pace;
mod plans;
mod processes;
mod servers;
mod sessions;
mod settings;
mod standby;
mod starter;
mod stops;
mod wire;

use onward::{PendingRelease, Plan, Report, Startup};
use tokio_postgres::Client;

/// Tables, functions, two indexes that are built concurrently, two seeds, two release migrations.
static HARBOR: Plan = onward::embed_migrations!("tests/fixtures/harbor");

type Answer<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
type Outcome = Answer<()>;

/// A start that does not mind pending release migrations.
fn startup(plan: &Plan) -> Startup {
    Startup::new(plan).pending_release(PendingRelease::Report)
}

async fn start(client: &mut Client) -> Result<Report, onward::Error> {
    startup(&HARBOR).run(client).await
}
