//! How a command ended.

use std::io;
use std::process::ExitCode;

use crate::census::CensusError;
use crate::connect::DatabaseError;
use crate::editor::ServeError;
use crate::input::FileError;
use crate::named::FolderError;
use crate::new_file::NewError;
use crate::service::ServiceError;
use crate::targets::TargetsError;

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
    /// Success: exit status 0.
    Good,
    /// The answer is no: findings, pending migrations, drift, a statement that is not understood, a run
    /// that was refused or failed. Exit status 1.
    Refused,
    /// No answer: a folder or file that cannot be read, no connection, and wrong arguments too. Exit
    /// status 2.
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
pub(crate) enum CouldNotRun {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("cannot read the status from the database")]
    Status(#[source] onward::Error),
    #[error("the database did not answer about its tables and sessions")]
    Live(#[source] tokio_postgres::Error),
    #[error(transparent)]
    Census(#[from] CensusError),
    #[error("`--head` is a line of one ledger: name one folder")]
    ManyLedgers,
    #[error("the database did not answer about locks")]
    Locks(#[source] onward::Error),
    #[error("cannot read the ledger")]
    Verify(#[source] onward::Error),
    #[error(
        "nothing was done: this has to be confirmed, and the standard input is not a terminal. Repeat the command \
         with `--yes`"
    )]
    Unconfirmed,
    #[error(
        "there is no data migration {version} in {folder}; `onward data list` lists all of them"
    )]
    NoSuchData {
        version: onward::Version,
        folder: &'static str,
    },
    #[error("there is no verb `{verb}`; `onward --help` lists all of them")]
    NoSuchVerb { verb: String },
    #[error(transparent)]
    New(#[from] NewError),
    #[error(transparent)]
    Targets(#[from] TargetsError),
    #[error("name the data migration, such as DM001")]
    NoVersion,
    #[error("name the folder of the module before {0}, such as `migrations/auth {0}`")]
    NoFolder(onward::Version),
    #[error(transparent)]
    Version(onward::InvalidVersion),
    #[error("`{0}` is not a speed: 1 is the usual one, 0.5 half of it; from 0.01 to 10")]
    Speed(String),
    #[error(
        "`finish` runs on the database, and takes --url; `onward data run --service <url>` shows the service's worker"
    )]
    FinishOfService,
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Editor(#[from] ServeError),
    #[error("the database did not answer about roles and tenants")]
    Tenants(#[from] onward::tenant::Error),
    #[error(transparent)]
    SameRole(#[from] onward::tenant::SameRole),
    #[error(
        "SARIF shows findings in files, and `--url` finds what leaks on a server: take `--format json`"
    )]
    NoSarif,
    #[error(transparent)]
    File(#[from] FileError),
    #[error("there is no rule `{name}`; {}", advice(*guess))]
    NoSuchRule {
        name: String,
        guess: Option<&'static str>,
    },
    #[error("cannot write the output")]
    Output(#[from] io::Error),
}

fn advice(guess: Option<&str>) -> String {
    guess.map_or_else(
        || "`onward rules` lists all of them".to_owned(),
        |guess| format!("did you mean `{guess}`?"),
    )
}
