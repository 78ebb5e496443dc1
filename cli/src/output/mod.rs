//! How an answer looks: findings as text, JSON, SARIF or GitHub's workflow commands; runs as text or JSON.

mod findings;

pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod report;
pub(crate) mod sarif;
pub(crate) mod text;

use std::error::Error;
use std::io::{self, Write};

use clap::ValueEnum;

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

/// An error and, indented below it, why.
pub(crate) fn explain(err: &mut impl Write, error: &dyn Error) -> io::Result<()> {
    writeln!(err, "error: {error}")?;
    let mut source = error.source();
    while let Some(cause) = source {
        writeln!(err, "  because: {cause}")?;
        source = cause.source();
    }
    Ok(())
}
