//! What stands on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use tracing_subscriber::filter::LevelFilter;

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

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Check {
    /// The folders of the modules, such as migrations/auth.
    #[arg(required = true)]
    pub(crate) folders: Vec<PathBuf>,
    /// For whom the answer is.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(crate) format: CheckFormat,
}

/// For whom the answer of `onward check` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// What the compiler would print.
    Text,
    /// One document: `findings`, also those that are accepted, and `statements` with their locks.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands that GitHub shows beside the lines.
    Github,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Explain {
    /// Its name, or what another linter calls it.
    pub(crate) rule: String,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Rules {
    /// For whom the answer is; `json` is one list.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Parse {
    /// The files; `-` for standard input.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// For whom the answer is; `json` is one object a line, with byte offsets of the file as it is.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// The oldest PostgreSQL that has to accept it: 15 to 18. Default: for a file that is named like
    /// a migration, the `min_pg` of its folder, which is 15 if nothing says otherwise; 18 for others.
    #[arg(long, value_name = "MAJOR", value_parser = clap::value_parser!(u8).range(15..=18))]
    pub(crate) min_pg: Option<u8>,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Plan {
    /// The folders of the modules, such as migrations/auth.
    #[arg(required = true)]
    pub(crate) folders: Vec<PathBuf>,
    /// For whom the answer is.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Status {
    /// The folders of the modules, such as migrations/auth.
    #[arg(required = true)]
    pub(crate) folders: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Release {
    /// The folder of the module, such as migrations/auth.
    pub(crate) folder: PathBuf,
    /// The server's own URL, when the other one goes through a pooler such as PgBouncer: it is used
    /// instead.
    #[arg(long, env = "ONWARD_DIRECT_URL", hide_env_values = true)]
    pub(crate) direct_url: Option<String>,
    /// The role that owns the module, when it is not the login's own: it is taken with SET LOCAL ROLE.
    #[arg(long)]
    pub(crate) role: Option<onward::Role>,
    /// Older binaries that may keep running on what this applies: those that know this release migration
    /// or a later one. Without it a binary that lacks one of them refuses to start.
    #[arg(long, value_name = "VERSION")]
    pub(crate) compatible_from: Option<onward::Version>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Verify {
    /// The folder of the module, such as migrations/auth.
    pub(crate) folder: PathBuf,
    /// A line that an earlier run or check has printed, `#7 <digest>`: it has to be there still.
    #[arg(long)]
    pub(crate) head: Option<onward::Head>,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Output {
    /// The database: postgres://user@host/name, or key=value pairs.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub(crate) url: String,
    /// For whom the answer is.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// For whom the answer is.
///
/// ```
/// use clap::ValueEnum as _;
///
/// assert_eq!(onward_cli::Format::from_str("json", false), Ok(onward_cli::Format::Json));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Format {
    /// A table for people.
    Text,
    /// One JSON document for machines.
    Json,
}
