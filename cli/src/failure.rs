//! The JSON document of a command that failed. Keys are only ever added.

use std::error::Error as _;

use onward::Error;
use serde::Serialize;

use crate::named::FolderError;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::FORMAT_VERSION;
use crate::output::report::AppliedJson;

/// One object, whatever the document of the command is otherwise.
#[derive(Serialize)]
pub(crate) struct FailureJson<'a> {
    format_version: u8,
    /// What failed: one word.
    kind: &'static str,
    error: String,
    because: Option<String>,
    sqlstate: Option<&'a str>,
    /// What the run had applied before.
    applied: Vec<AppliedJson<'a>>,
    /// One text for each file with findings, as the compiler prints it.
    reports: &'a [String],
    exit_status: u8,
}

impl<'a> FailureJson<'a> {
    /// A run that was refused or failed.
    pub(crate) fn of_run(error: &'a Error) -> Self {
        let applied = error.progress().applied.iter();
        Self {
            kind: "run",
            because: error.source().map(ToString::to_string),
            sqlstate: error.sqlstate(),
            applied: applied.map(AppliedJson::new).collect(),
            exit_status: Outcome::Refused.code(),
            ..Self::plain(error.to_string())
        }
    }

    /// A release that was not begun, because the database differs from the files.
    pub(crate) fn of_schema(error: String, reports: &'a [String]) -> Self {
        Self {
            kind: "schema",
            reports,
            exit_status: Outcome::Refused.code(),
            ..Self::plain(error)
        }
    }

    /// A release that was not begun, because rows are in the way.
    pub(crate) fn of_rows(error: String, reports: &'a [String]) -> Self {
        Self {
            kind: "rows",
            ..Self::of_schema(error, reports)
        }
    }

    /// A service that does not do what was asked.
    pub(crate) fn of_service(why: &str) -> Self {
        Self {
            exit_status: Outcome::Refused.code(),
            ..Self::plain(why.to_owned())
        }
    }

    /// A command that gave no answer.
    pub(crate) fn of(error: &'a CouldNotRun) -> Self {
        let chain = onward::Chain(error).to_string();
        let causes = chain.split("\n  because: ").skip(1);
        let causes = causes.collect::<Vec<_>>().join(": ");
        let failure = Self {
            because: Some(causes).filter(|causes| !causes.is_empty()),
            ..Self::plain(error.to_string())
        };
        match error {
            CouldNotRun::Folder(FolderError::Findings { folder, reports }) => Self {
                kind: "findings",
                error: format!("`{}` has errors", folder.display()),
                reports,
                ..failure
            },
            CouldNotRun::Folder(FolderError::Unreadable { folder, reports }) => Self {
                kind: "findings",
                error: format!(
                    "`{}` cannot be read: not every file has a version and a text",
                    folder.display()
                ),
                reports,
                ..failure
            },
            CouldNotRun::Folder(FolderError::NotFound { .. } | FolderError::OneFile { .. })
            | CouldNotRun::File(_)
            | CouldNotRun::New(_)
            | CouldNotRun::Queries(_)
            | CouldNotRun::Targets(_) => Self {
                kind: "file",
                ..failure
            },
            CouldNotRun::Database(_)
            | CouldNotRun::Tenants(_)
            | CouldNotRun::Live(_)
            | CouldNotRun::Census(_) => Self {
                kind: "database",
                ..failure
            },
            CouldNotRun::Service(_) => Self {
                kind: "service",
                ..failure
            },
            CouldNotRun::Status(error) | CouldNotRun::Verify(error) | CouldNotRun::Locks(error) => {
                Self {
                    kind: "ledger",
                    sqlstate: error.sqlstate(),
                    ..failure
                }
            }
            CouldNotRun::Unconfirmed
            | CouldNotRun::ManyLedgers
            | CouldNotRun::NoSarif
            | CouldNotRun::NoSuchVerb { .. }
            | CouldNotRun::SameRole(_)
            | CouldNotRun::NoSuchRule { .. }
            | CouldNotRun::NoVersion
            | CouldNotRun::NoFolder(_)
            | CouldNotRun::Version(_)
            | CouldNotRun::Speed(_)
            | CouldNotRun::FinishOfService
            | CouldNotRun::NoSuchData { .. } => Self {
                kind: "arguments",
                ..failure
            },
            CouldNotRun::Output(_) | CouldNotRun::Editor(_) => Self {
                kind: "output",
                ..failure
            },
        }
    }

    /// Arguments that cannot be read.
    pub(crate) fn of_arguments(text: &str) -> Self {
        let text = text.strip_prefix("error: ").unwrap_or(text);
        Self {
            kind: "arguments",
            ..Self::plain(text.trim_end().to_owned())
        }
    }

    fn plain(error: String) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            kind: "run",
            error,
            because: None,
            sqlstate: None,
            applied: Vec::new(),
            reports: &[],
            exit_status: Outcome::CouldNotRun.code(),
        }
    }
}
