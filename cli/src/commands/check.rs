//! `onward check`.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::bridge::judged;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{github, json, sarif, text};

#[derive(Clone, Debug, Args)]
pub(crate) struct Check {
    /// The folders of the modules, such as migrations/auth.
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// For whom the answer is.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// For whom the answer of `onward check` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// What the compiler would print.
    Text,
    /// One document: `findings`, also those that are accepted, and `statements` with their locks.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands that GitHub shows beside the lines.
    Github,
}

pub(crate) fn run(command: &Check, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let folders = command.folders.iter();
    let modules = folders
        .map(|folder| judged(folder))
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
