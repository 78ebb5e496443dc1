//! A service that does nothing but start: a process for tests to kill, freeze and start again.
//!
//! `onward-starter <url> [budget=<ms>] [lock=<ms>] [statement=<ms>]` connects, prints the process id of
//! its session on the server, waits for a line, starts, and prints each version that it has applied.

use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use onward::{PendingRelease, Plan, Startup};
use onward_tests::postgres::connect;

static HARBOR: Plan = onward::embed_migrations!("tests/fixtures/harbor");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("which URL?")?;
    let startup = Startup::new(&HARBOR).pending_release(PendingRelease::Report);
    let startup = arguments.try_fold(startup, with_timeout)?;
    let mut client = connect(&url).await?;
    let pid: i32 = client
        .query_one("SELECT pg_backend_pid()", &[])
        .await?
        .get(0);
    let mut out = io::stdout();
    writeln!(out, "{pid}")?;
    out.flush()?;
    io::stdin().read_line(&mut String::new())?;
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

fn with_timeout(startup: Startup, argument: String) -> Result<Startup, Box<dyn Error>> {
    let (name, milliseconds) = argument.split_once('=').ok_or("no value")?;
    let timeout = Duration::from_millis(milliseconds.parse()?);
    match name {
        "budget" => Ok(startup.budget(timeout)),
        "lock" => Ok(startup.lock_timeout(timeout)),
        "statement" => Ok(startup.statement_timeout(timeout)),
        _ => Err(argument.into()),
    }
}
