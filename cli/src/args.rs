//! What stands on the command line.

use clap::{Parser, Subcommand};
use tracing_subscriber::filter::LevelFilter;

use crate::commands::check::Check;
use crate::commands::explain::Explain;
use crate::commands::parse::Parse;
use crate::commands::plan::Plan;
use crate::commands::release::Release;
use crate::commands::rules::Rules;
use crate::commands::status::Status;
use crate::commands::verify::Verify;

/// Forward-only PostgreSQL migrations: the operator's side.
///
/// Exit status: 0 when all is well, 1 when something is pending, was refused or was not understood,
/// 2 when there was no answer (no such folder or file, findings in it, no database, wrong arguments).
///
/// ```
/// use clap::Parser as _;
///
/// let args = onward_cli::Args::try_parse_from(["onward", "release", "migrations/auth"]);
/// assert!(args.is_err_and(|error| error.to_string().contains("--url")));
/// ```
#[derive(Clone, Debug, Parser)]
#[command(name = "onward", version)]
pub struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Tell what is going on, on standard error; twice for more.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

impl Args {
    /// The level of the log lines that were asked for: warnings, with `-v` info, with `-vv` debug.
    ///
    /// ```
    /// use clap::Parser as _;
    ///
    /// let args = onward_cli::Args::parse_from(["onward", "status", "m", "--url", "u", "-v"]);
    /// assert_eq!(args.verbosity().to_string(), "info");
    /// ```
    #[must_use]
    pub const fn verbosity(&self) -> LevelFilter {
        match self.verbose {
            0 => LevelFilter::WARN,
            1 => LevelFilter::INFO,
            2.. => LevelFilter::DEBUG,
        }
    }
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what is applied and what is pending. Changes nothing, takes no lock.
    Status(Status),
    /// Run the pending release migrations (100-199) of one module.
    ///
    /// Startup migrations and seeds that are still pending run first: release migrations build on
    /// them.
    Release(Release),
    /// Check that nobody has changed a module's ledger by hand.
    ///
    /// Each line of the ledger holds a digest over itself and the line before it. Names the first line that
    /// was changed, removed or inserted. Exit status: 0 when the ledger is intact, 1 when it is not.
    Verify(Verify),
    /// Judge folders as the compiler does: every finding of every file, with its place and the way out.
    ///
    /// Needs no database and no network. Exit status: 0 when there is nothing to say, 1 when there are
    /// findings, warnings included, 2 when a folder could not be read.
    Check(Check),
    /// Print the page of a rule: what it finds, why, and the safe way.
    ///
    /// Knows the names and codes of other linters too: `onward explain PG101`.
    Explain(Explain),
    /// List the rules.
    Rules(Rules),
    /// Show what each statement of a module locks, and who has to wait. Needs no database.
    ///
    /// Worked out from the files, for the oldest PostgreSQL that the module supports and all newer ones:
    /// the strongest lock on each relation that is there before the migration, the tables of which
    /// every row is written anew, and those of which every row is looked at.
    Plan(Plan),
    /// Print what is understood of an SQL file: one line for each statement.
    ///
    /// With its kind, the names of its objects and its place. Needs no database and no migration's
    /// file name. A statement that cannot be read is an error in its line, and the next ones still
    /// follow. Exit status: 0 when every statement was understood, 1 when one was not, 2 when the
    /// file could not be read.
    Parse(Parse),
}
