//! The command line: its top level. Each verb has its own arguments in its file.

use clap::{Parser, Subcommand};
use tracing_subscriber::filter::LevelFilter;

use crate::commands::adopt::Adopt;
use crate::commands::baseline::Baseline;
use crate::commands::check::Check;
use crate::commands::completions::Completions;
use crate::commands::data::Data;
use crate::commands::explain::Explain;
use crate::commands::graph::Graph;
use crate::commands::history::History;
use crate::commands::lock::Lock;
use crate::commands::lsp::Lsp;
use crate::commands::man::Man;
use crate::commands::new::New;
use crate::commands::parse::Parse;
use crate::commands::plan::Plan;
use crate::commands::queries::Queries;
use crate::commands::rehearse::Rehearse;
use crate::commands::release::Release;
use crate::commands::renumber::Renumber;
use crate::commands::replace::Replace;
use crate::commands::resolve::Resolve;
use crate::commands::restamp::Restamp;
use crate::commands::roles::Roles;
use crate::commands::rules::Rules;
use crate::commands::schema::Schema;
use crate::commands::squash::Squash;
use crate::commands::status::Status;
use crate::commands::tenancy::Tenancy;
use crate::commands::unlock::Unlock;
use crate::commands::up::Up;
use crate::commands::verify::Verify;
use crate::output::Format;
use crate::screen::Colour;

/// How `onward --help` ends.
const EXAMPLES: &str = "\
Examples:
  onward new migrations/auth add_users_email
      Create the next file of a module.
  onward check migrations/*
      Report what the compiler would report. Needs no database.
  onward explain drop-column
      Print the page of a rule.
  onward plan migrations/auth
      Show which locks each statement takes, and which queries wait.
  onward status migrations/* --url postgres://app@db.example/app
      Show what is applied and what is pending.
  onward up migrations/* --url postgres://localhost/app
      Apply everything that is pending, in a database of development or CI.
  onward release migrations/auth --url postgres://auth_owner@db.example/app
      Apply the pending release migrations of one module.
  onward data list migrations/auth --url postgres://auth_owner@db.example/app
      Show how far the data migrations are; `onward data --help` lists what steers them.
  onward release migrations/auth --targets fleet.txt --canary eu-1
      The same on many databases, one of them first.

";

/// What every program of Onward's returns.
pub(crate) const EXIT_STATUS: &str = "\
Exit status:
  0  Success. Warnings of `onward check` count as success without --deny warnings.
  1  The answer is no: errors in a folder, pending migrations, drift, a changed
     ledger, or a run that was refused or failed.
  2  No answer: wrong arguments, an unreadable folder or file, no connection.
With --format json, a failure is one JSON object on standard output.";

/// The arguments of the `onward` command.
///
/// ```
/// use clap::Parser as _;
///
/// let args = onward_cli::Args::try_parse_from(["onward", "release", "migrations/auth"]);
/// assert!(args.is_err_and(|error| error.to_string().contains("--url")));
/// ```
#[derive(Clone, Debug, Parser)]
#[command(
    name = "onward",
    version,
    about = "Checks folders of forward-only PostgreSQL migrations and applies them to a database",
    long_about = None,
    after_help = [EXAMPLES, EXIT_STATUS].concat()
)]
pub struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Log progress to standard error: -v for each step, -vv for details; without it, warnings only.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// When the output has colours.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
}

impl Args {
    /// The level of the log: warnings by default, info with `-v`, debug with `-vv`.
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
    New(New),
    Replace(Replace),
    Adopt(Adopt),
    Baseline(Baseline),
    Check(Check),
    Explain(Explain),
    Rules(Rules),
    Queries(Queries),
    Plan(Plan),
    Parse(Parse),
    Schema(Schema),
    Graph(Graph),
    Status(Status),
    History(History),
    Up(Up),
    Release(Release),
    Data(Data),
    Lock(Lock),
    Rehearse(Rehearse),
    Squash(Squash),
    Resolve(Resolve),
    Renumber(Renumber),
    Restamp(Restamp),
    Unlock(Unlock),
    Verify(Verify),
    Roles(Roles),
    Tenancy(Tenancy),
    Completions(Completions),
    Man(Man),
    Lsp(Lsp),
}

impl Command {
    /// Whether people read the answer, and so it may be broken at the width of a terminal.
    pub(crate) fn is_text(&self) -> bool {
        match self {
            Self::Check(check) => check.is_text(),
            Self::Tenancy(tenancy) => tenancy.is_text(),
            // A file in a language of its own.
            Self::Completions(_)
            | Self::Man(_)
            | Self::Lsp(_)
            | Self::Schema(_)
            | Self::Graph(_)
            | Self::Queries(_) => false,
            Self::New(_)
            | Self::Replace(_)
            | Self::Adopt(_)
            | Self::Baseline(_)
            | Self::History(_)
            | Self::Explain(_)
            | Self::Rules(_)
            | Self::Plan(_)
            | Self::Parse(_)
            | Self::Status(_)
            | Self::Up(_)
            | Self::Release(_)
            | Self::Data(_)
            | Self::Verify(_)
            | Self::Lock(_)
            | Self::Squash(_)
            | Self::Rehearse(_)
            | Self::Resolve(_)
            | Self::Renumber(_)
            | Self::Restamp(_)
            | Self::Unlock(_)
            | Self::Roles(_) => !self.is_json(),
        }
    }

    /// Whether the answer is JSON, and so a failure is JSON too.
    pub(crate) fn is_json(&self) -> bool {
        let format = match self {
            Self::Check(check) => return check.is_json(),
            Self::Tenancy(tenancy) => return tenancy.is_json(),
            Self::Completions(_) | Self::Man(_) | Self::Lsp(_) | Self::Queries(_) => return false,
            Self::New(new) => new.format,
            Self::Replace(replace) => replace.format,
            Self::Adopt(adopt) => adopt.format,
            Self::Baseline(baseline) => baseline.format,
            Self::History(history) => history.format,
            Self::Schema(_) | Self::Graph(_) => return false,
            Self::Explain(explain) => explain.format,
            Self::Rules(rules) => rules.format,
            Self::Plan(plan) => plan.format,
            Self::Parse(parse) => parse.format,
            Self::Status(status) => status.format,
            Self::Up(up) => up.format,
            Self::Release(release) => release.format,
            Self::Data(data) => data.format(),
            Self::Lock(lock) => lock.format,
            Self::Rehearse(rehearse) => rehearse.format,
            Self::Squash(squash) => squash.format,
            Self::Resolve(resolve) => resolve.format,
            Self::Renumber(renumber) => renumber.format,
            Self::Restamp(restamp) => restamp.format,
            Self::Unlock(unlock) => unlock.format,
            Self::Verify(verify) => verify.format,
            Self::Roles(roles) => roles.format,
        };
        format == Format::Json
    }
}
