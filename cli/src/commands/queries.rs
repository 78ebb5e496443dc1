//! `onward queries`.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::outcome::{CouldNotRun, Outcome};
use crate::running;

/// Write the queries of a release, which `query!` has checked, into a file
///
/// Reads the Rust sources below each folder, finds every `query!` of a name in `schema!`, and writes its statement with
/// file, line and types. `onward check --against <FILE>` then judges new migrations by the release that still runs.
///
/// Exit status: 0 when it was written, 2 when a file or folder could not be read.
#[derive(Clone, Debug, Args)]
pub(crate) struct Queries {
    /// Folders of crates.
    #[arg(required = true, value_name = "CRATE")]
    crates: Vec<PathBuf>,
    /// The file to write; standard output without it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(command: &Queries, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let lines = running::of_crates(&command.crates)?;
    let text = running::text(&lines).map_err(std::io::Error::from)?;
    match &command.output {
        Some(path) => {
            fs::write(path, text)?;
            let (n, path) = (lines.len(), path.display());
            let plural = if n == 1 { "query" } else { "queries" };
            writeln!(out, "{path}: {n} {plural}")?;
        }
        None => out.write_all(text.as_bytes())?,
    }
    Ok(Outcome::Good)
}
