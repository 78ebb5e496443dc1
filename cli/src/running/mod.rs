//! `onward.queries`: the queries of a release that `query!` checks. One JSON object a line: the version of the format first,
//! then the queries, sorted.

mod rust;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use onward_analyzer::source;
use onward_analyzer::typed::{Known, Running};
use serde::{Deserialize, Serialize};

use self::rust::{Crate, Written};

/// The version of the format: it goes up when a reader of the one before would misread it.
const VERSION: u8 = 1;

#[derive(Serialize, Deserialize)]
struct Header {
    onward_queries: u8,
}

/// One query. Keys are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Line {
    /// The schema of the module.
    schema: String,
    /// The file and line of the Rust code.
    at: String,
    sql: String,
    parameters: Vec<String>,
    columns: Vec<String>,
}

/// Why there are no queries.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QueriesError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A Rust file is not a sequence of tokens.
    #[error("{}:{line}: this is not Rust: {message}", path.display())]
    NotRust {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What the lexer says.
        message: String,
    },
    /// The folder of a `schema!` does not exist.
    #[error("{at} names the folder `{folder}`, and there is none")]
    NoFolder {
        /// The file and line.
        at: String,
        /// The folder.
        folder: String,
    },
    /// The file is not one of these.
    #[error("{} line {line}: {message}; `onward queries` writes such files", path.display())]
    NotQueries {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// The queries in the Rust sources of these crates.
pub(crate) fn of_crates(folders: &[PathBuf]) -> Result<Vec<Line>, QueriesError> {
    let mut lines = Vec::new();
    for folder in folders {
        let Crate { schemas, queries } = rust::read(folder)?;
        let mut known: BTreeMap<String, Known> = BTreeMap::new();
        for (name, at, literal) in schemas {
            let absolute = folder.canonicalize().unwrap_or_else(|_| folder.clone());
            let found = source::locate(literal.trim_end_matches('/'), &absolute).map_err(|_| {
                QueriesError::NoFolder {
                    at,
                    folder: literal.clone(),
                }
            })?;
            known.insert(name, Known::of(source::read(&found, &literal)));
        }
        for Written { of, at, sql } in queries {
            // Another macro of this name, or another crate's schema.
            let Some(known) = known.get(&of) else {
                continue;
            };
            let Running {
                at,
                sql,
                parameters,
                columns,
            } = known.running(&at, &sql);
            lines.push(Line {
                schema: known.name().to_owned(),
                at,
                sql,
                parameters,
                columns,
            });
        }
    }
    lines.sort();
    lines.dedup();
    Ok(lines)
}

/// The text of the file.
pub(crate) fn text(lines: &[Line]) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(&Header {
        onward_queries: VERSION,
    })?;
    text.push('\n');
    for line in lines {
        text.push_str(&serde_json::to_string(line)?);
        text.push('\n');
    }
    Ok(text)
}

/// The queries of a file on one schema.
pub(crate) fn read(path: &Path) -> Result<Vec<Line>, QueriesError> {
    let text = fs::read_to_string(path).map_err(|source| QueriesError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let wrong = |line: usize, message: String| QueriesError::NotQueries {
        path: path.to_owned(),
        line: line + 1,
        message,
    };
    let mut lines = text.lines().enumerate();
    let first = lines.next().map_or("", |(_, line)| line);
    let header: Header =
        serde_json::from_str(first).map_err(|error| wrong(0, error.to_string()))?;
    if header.onward_queries != VERSION {
        let message = format!("version {} is not known", header.onward_queries);
        return Err(wrong(0, message));
    }
    lines
        .map(|(at, line)| serde_json::from_str(line).map_err(|error| wrong(at, error.to_string())))
        .collect()
}

/// Those that are about a schema.
pub(crate) fn on(lines: &[Line], schema: &str) -> Vec<Running> {
    let own = lines.iter().filter(|line| line.schema == schema);
    own.map(|line| Running {
        at: line.at.clone(),
        sql: line.sql.clone(),
        parameters: line.parameters.clone(),
        columns: line.columns.clone(),
    })
    .collect()
}
