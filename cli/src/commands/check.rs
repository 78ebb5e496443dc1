//! `onward check`.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::bridge::analyzed;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{github, json, sarif, text};

/// Report what the compiler reports: every finding, its place and the fix
///
/// Reads each folder as `embed_migrations!` does when a service is compiled. Needs no database and
/// no network.
///
/// Exit status: 0 without findings, 1 with findings (errors or warnings), 2 when a folder could not
/// be found.
#[derive(Clone, Debug, Args)]
pub(crate) struct Check {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The output formats of `onward check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The messages of the compiler, and one line of totals for each folder.
    Text,
    /// One JSON document: `findings`, including accepted ones, and `statements` with their locks.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, which GitHub Actions shows beside the lines.
    Github,
}

pub(crate) fn run(command: &Check, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let folders = command.folders.iter();
    let modules = folders
        .map(|folder| analyzed(folder))
        .collect::<Result<Vec<_>, _>>()?;
    let mut out = BufWriter::new(out);
    match command.format {
        Format::Text => text::write(&modules, &mut out)?,
        Format::Json => json::write(&modules, &mut out)?,
        Format::Sarif => sarif::write(&modules, &mut out)?,
        Format::Github => github::write(&modules, &mut out)?,
    }
    out.flush()?;
    let clean = modules.iter().all(|module| module.findings.is_empty());
    Ok(if clean {
        Outcome::Good
    } else {
        Outcome::Refused
    })
}
