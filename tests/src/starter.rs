//! A service that does nothing but start: a process for tests to kill, freeze and start again.
//!
//! `onward-starter <url> [own] [budget=<ms>] [lock=<ms>] [statement=<ms>]` connects, prints that it has, waits for a
//! line, starts, and prints each version that it has applied. With `own` the run opens its own
//! connections.
//!
//! `onward-starter test <url>` takes a database for a test, prints its name, and waits for a line.

use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use onward::{Connector, PendingRelease, Startup};
use onward_pg::connect;
use onward_tests::harbor::HARBOR;
use tokio_postgres::NoTls;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if(|argument| argument == "test").is_some() {
        return test(&arguments.next().ok_or("which URL?")?).await;
    }
    let url = arguments.next().ok_or("which URL?")?;
    let is_own = arguments.next_if(|argument| argument == "own").is_some();
    let startup = Startup::new(&HARBOR).pending_release(PendingRelease::Report);
    let startup = arguments.try_fold(startup, with_timeout)?;
    let borrowed = match is_own {
        true => None,
        false => Some(connect(&url).await?),
    };
    let mut out = io::stdout();
    writeln!(out, "ready")?;
    out.flush()?;
    io::stdin().read_line(&mut String::new())?;
    let outcome = match borrowed {
        Some(mut client) => startup.run(&mut client).await,
        None => {
            // A service's lease is longer; this one is short because tests wait for its end.
            let lease = Duration::from_secs(2);
            let connector = Connector::new(url.parse()?, NoTls).lease(lease);
            startup.run_with(&connector).await
        }
    };
    let applied = match &outcome {
        Ok(report) => report.applied(),
        Err(error) => &error.progress().applied,
    };
    for one in applied {
        writeln!(out, "applied {}", one.version)?;
    }
    outcome.map(drop).map_err(Into::into)
}

async fn test(url: &str) -> Result<(), Box<dyn Error>> {
    let database = onward::testing::database_at(url, &[&HARBOR]).await?;
    let mut out = io::stdout();
    writeln!(out, "{}", database.name())?;
    out.flush()?;
    io::stdin().read_line(&mut String::new())?;
    Ok(())
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
