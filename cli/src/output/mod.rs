//! Output formats: findings as text, JSON, SARIF or GitHub's workflow commands; reports of a database as JSON.

mod findings;

pub(crate) use findings::Checked;

pub(crate) mod difference;
pub(crate) mod github;
pub(crate) mod job;
pub(crate) mod json;
pub(crate) mod live;
pub(crate) mod matrix;
pub(crate) mod operator;
pub(crate) mod overview;
pub(crate) mod report;
pub(crate) mod sarif;
pub(crate) mod text;
pub(crate) mod waiting;

use std::error::Error;
use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

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

/// The version of the JSON documents. It changes only if a key is renamed or removed, or means something else.
pub(crate) const FORMAT_VERSION: u8 = 1;

/// `1 error`, `2 errors`.
pub(crate) fn count(n: usize, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

/// The same for a number that a server has counted.
pub(crate) fn count_of(n: i64, what: &str) -> String {
    count(usize::try_from(n).unwrap_or(0), what)
}

/// Writes a JSON document, with its keys in the order of its type.
pub(crate) fn write_json(out: &mut impl Write, document: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    writeln!(out)
}

/// Writes an error and, indented below it, its causes.
pub(crate) fn error_chain(err: &mut impl Write, error: &(dyn Error + 'static)) -> io::Result<()> {
    writeln!(err, "error: {}", onward::Chain(error))
}
