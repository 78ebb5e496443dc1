//! `onward check`.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use onward_analyzer::typed::against;

use crate::named::Named;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Checked, github, json, sarif, text};
use crate::running;

/// Report what the compiler reports: every finding, its place and the fix
///
/// Reads each folder as `embed_migrations!` does when a service is compiled. Needs no database and
/// no network.
///
/// With `--against` a folder is judged by the queries of the release that still runs: what none of them notices may be
/// dropped or renamed, and what makes one fail is an error that names its file and line.
///
/// A file in place of a folder shows only the findings of that file; it is checked together with the files before it.
///
/// Exit status: 0 without errors, 1 with errors, and with `--deny warnings` also with warnings, 2 when a folder
/// or file could not be found.
#[derive(Clone, Debug, Args)]
pub(crate) struct Check {
    /// Folders of modules, such as migrations/auth, or single files of them.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Also exit with status 1 for warnings.
    #[arg(long, value_enum)]
    deny: Option<Deny>,
    /// The queries of the release that still runs, as `onward queries` wrote them: they decide what may be dropped or renamed.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
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

/// What also makes the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Warnings, which the compiler prints and accepts.
    Warnings,
}

pub(crate) fn run(command: &Check, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let named = Named::all(&command.folders)?;
    let released = match &command.against {
        Some(path) => Some((running::read(path)?, path.to_string_lossy())),
        None => None,
    };
    let modules = named.iter().map(|named| match &released {
        None => Checked::of(named),
        Some((lines, from)) => {
            let analysis = named.analyzed();
            let running = running::on(lines, &analysis.module.schema);
            Checked::with(named, against(analysis, &running, from))
        }
    });
    let modules: Vec<Checked> = modules.collect();
    let mut out = BufWriter::new(out);
    match command.format {
        Format::Text => text::write(&modules, &mut out)?,
        Format::Json => json::write(&modules, &mut out)?,
        Format::Sarif => sarif::write(&modules, &mut out)?,
        Format::Github => github::write(&modules, &mut out)?,
    }
    out.flush()?;
    let mut findings = modules.iter().flat_map(|module| &module.analysis.findings);
    let is_refused = findings.any(|finding| match command.deny {
        Some(Deny::Warnings) => true,
        None => finding.severity.is_error(),
    });
    Ok(match is_refused {
        true => Outcome::Refused,
        false => Outcome::Good,
    })
}

impl Check {
    /// Whether people read the answer.
    pub(crate) fn is_text(&self) -> bool {
        self.format == Format::Text
    }

    /// Whether failures are JSON too.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }
}
