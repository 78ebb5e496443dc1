//! A service that does nothing but start: a process for tests to kill, freeze and start again.
//!
//! `onward-starter <url>` connects, prints the process id of its session on the server, waits for a
//! line, starts, and prints each version that it has applied.

use std::error::Error;
use std::io::{self, Write};

use onward::{PendingRelease, Plan, Startup};
use onward_tests::postgres::connect;

static HARBOR: Plan = onward::embed_migrations!("tests/fixtures/harbor");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args()
        .nth(1)
        .ok_or("usage: onward-starter <url>")?;
    let mut client = connect(&url).await?;
    let pid: i32 = client
        .query_one("SELECT pg_backend_pid()", &[])
        .await?
        .get(0);
    let mut out = io::stdout();
    writeln!(out, "{pid}")?;
    out.flush()?;
    io::stdin().read_line(&mut String::new())?;
    let startup = Startup::new(&HARBOR).pending_release(PendingRelease::Report);
    let outcome = startup.run(&mut client).await;
    let applied = match &outcome {
        Ok(report) => report.applied(),
        Err(error) => &error.progress().applied,
    };
    for one in applied {
        writeln!(out, "applied {}", one.version)?;
    }
    outcome.map(drop).map_err(Into::into)
}
