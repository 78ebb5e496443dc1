//! The `onward` command as a library: what an operator does with folders of migrations and a
//! database, for a service's own operator binary too.
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

mod args;
mod check;
mod database;
mod folder;
mod parse;
mod plan;
mod release;
mod report;
mod rules;
mod status;
mod verify;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

pub use crate::args::{Args, Format};
pub use crate::folder::{FolderError, plan};

use crate::args::Command;

/// How a command ended.
///
/// ```
/// use onward_cli::Outcome;
///
/// assert_eq!(Outcome::Refused.code(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// All is well: exit status 0.
    Good,
    /// The answer is no - something is pending, has drifted or is not understood, a run was refused or
    /// failed: 1.
    Refused,
    /// There was no answer - no folder, no file, no plan, no database: 2, as for wrong arguments.
    CouldNotRun,
}

impl Outcome {
    /// The exit status: 0, 1 or 2.
    ///
    /// ```
    /// assert_eq!(onward_cli::Outcome::Good.code(), 0);
    /// ```
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Refused => 1,
            Self::CouldNotRun => 2,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
enum CouldNotRun {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Database(#[from] database::DatabaseError),
    #[error("the database does not tell how it stands")]
    Status(#[source] onward::Error),
    #[error("the ledger cannot be read")]
    Verify(#[source] onward::Error),
    #[error(transparent)]
    File(#[from] parse::FileError),
    #[error(transparent)]
    Rule(#[from] rules::NoSuchRule),
    #[error("cannot write the answer")]
    Output(#[from] io::Error),
}

/// Runs a command: the answer goes to `out`, what went wrong to `err`.
///
/// # Errors
///
/// Only when `err` cannot be written to.
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
        Command::Status(command) => status::run(command, out).await,
        Command::Release(command) => release::run(command, out, err).await,
        Command::Verify(command) => verify::run(command, out).await,
        Command::Check(command) => check::run(command, out),
        Command::Explain(command) => rules::explain(command, out),
        Command::Rules(command) => rules::list(command, out),
        Command::Plan(command) => plan::run(command, out),
        Command::Parse(command) => parse::run(command, out),
    };
    outcome.or_else(|error| {
        // Whoever reads only the first lines has what it wanted.
        let closed =
            matches!(&error, CouldNotRun::Output(io) if io.kind() == io::ErrorKind::BrokenPipe);
        if !closed {
            explain(err, &error)?;
        }
        Ok(Outcome::CouldNotRun)
    })
}

/// An error and, indented below it, why.
fn explain(err: &mut impl Write, error: &dyn Error) -> io::Result<()> {
    writeln!(err, "error: {error}")?;
    let mut source = error.source();
    while let Some(cause) = source {
        writeln!(err, "  because: {cause}")?;
        source = cause.source();
    }
    Ok(())
}
