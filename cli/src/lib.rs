//! The `onward` command as a library, so that a service's own operator binary can offer the same.
//!
//! ```no_run
//! use clap::Parser as _;
//! use onward_cli::{Args, run};
//!
//! # async fn example() -> std::io::Result<()> {
//! let args = Args::parse_from(["onward", "status", "migrations/auth", "--url", "postgres://localhost/app"]);
//! let outcome = run(&args, &mut std::io::stdout(), &mut std::io::stderr()).await?;
//! # Ok(())
//! # }
//! ```

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod adopt;
mod args;
mod bridge;
mod census;
mod commands;
mod confirm;
mod connect;
mod failure;
mod git;
mod input;
mod live;
mod named;
mod outcome;
mod output;
mod picture;
mod scratch;
mod service;

use std::io::{self, Write};

pub use crate::args::Args;
pub use crate::bridge::plan;
pub use crate::named::FolderError;
pub use crate::outcome::Outcome;
pub use crate::output::Format;

use crate::args::Command;
use crate::commands::{
    baseline, check, data, explain, graph, history, lock, parse, rehearse, release, renumber,
    resolve, restamp, roles, rules, schema, squash, status, tenancy, unlock, up, verify,
};
use crate::failure::FailureJson;
use crate::outcome::CouldNotRun;

/// Runs a command: the answer goes to `out`, errors go to `err`.
///
/// # Errors
///
/// The error of writing to `err`, and no other: all others end as an [`Outcome`] and a text in `err`.
///
/// ```no_run
/// # use clap::Parser as _;
/// # async fn example(args: onward_cli::Args) -> std::io::Result<()> {
/// let mut answer = Vec::new();
/// let outcome = onward_cli::run(&args, &mut answer, &mut std::io::stderr()).await?;
/// # Ok(())
/// # }
/// ```
pub async fn run(args: &Args, out: &mut impl Write, err: &mut impl Write) -> io::Result<Outcome> {
    let outcome = match &args.command {
        Command::Status(command) => status::run(command, out, err).await,
        Command::Up(command) => up::run(command, out, err).await,
        Command::Release(command) => release::run(command, out, err).await,
        Command::Data(command) => data::run(command, out, err).await,
        Command::Verify(command) => verify::run(command, out, err).await,
        Command::Lock(command) => lock::run(command, out),
        Command::Rehearse(command) => rehearse::run(command, out, err).await,
        Command::Squash(command) => squash::run(command, out, err).await,
        Command::Resolve(command) => resolve::run(command, out, err).await,
        Command::Renumber(command) => renumber::run(command, out, err).await,
        Command::Restamp(command) => restamp::run(command, out, err).await,
        Command::Unlock(command) => unlock::run(command, out, err).await,
        Command::Roles(command) => roles::run(command, out, err).await,
        Command::Tenancy(command) => tenancy::run(command, out, err).await,
        Command::Adopt(command) => commands::adopt::run(command, out, err).await,
        Command::Baseline(command) => baseline::run(command, out, err).await,
        Command::History(command) => history::run(command, out, err).await,
        Command::Schema(command) => schema::run(command, out),
        Command::Graph(command) => graph::run(command, out),
        Command::Check(command) => check::run(command, out),
        Command::Explain(command) => explain::run(command, out),
        Command::Rules(command) => rules::run(command, out),
        Command::Plan(command) => commands::plan::run(command, out, err).await,
        Command::Parse(command) => parse::run(command, out),
    };
    outcome.or_else(|error| {
        // A closed pipe, such as that of `onward rules | head`, is not an error of the command.
        let closed =
            matches!(&error, CouldNotRun::Output(io) if io.kind() == io::ErrorKind::BrokenPipe);
        if !closed {
            if args.command.is_json() {
                output::write_json(out, &FailureJson::of(&error))?;
            }
            output::error_chain(err, &error)?;
        }
        Ok(Outcome::CouldNotRun)
    })
}

/// Writes the JSON document about arguments that clap refuses; `text` is what clap prints.
///
/// # Errors
///
/// The error of writing to `out`.
///
/// ```
/// let mut out = Vec::new();
/// onward_cli::wrong_arguments("error: unexpected argument '--x'", &mut out)?;
/// assert!(String::from_utf8_lossy(&out).contains("\"kind\": \"arguments\""));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn wrong_arguments(text: &str, out: &mut impl Write) -> io::Result<()> {
    output::write_json(out, &FailureJson::of_arguments(text))
}
