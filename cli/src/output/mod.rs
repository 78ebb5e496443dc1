//! Output formats: findings as text, JSON, SARIF or GitHub's workflow commands; reports of a database as JSON.

mod findings;

pub(crate) mod github;
pub(crate) mod job;
pub(crate) mod json;
pub(crate) mod report;
pub(crate) mod sarif;
pub(crate) mod text;

use std::error::Error;
use std::io::{self, Write};

use clap::ValueEnum;

/// The output formats that most verbs have.
///
/// ```
/// use clap::ValueEnum as _;
///
/// assert_eq!(onward_cli::Format::from_str("json", false), Ok(onward_cli::Format::Json));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Format {
    /// Text for people.
    Text,
    /// JSON for programs. Keys are added and never renamed or removed.
    Json,
}

/// Writes an error and, indented below it, its causes.
pub(crate) fn error_chain(err: &mut impl Write, error: &(dyn Error + 'static)) -> io::Result<()> {
    writeln!(err, "error: {}", onward::Chain(error))
}
