//! `onward check`.

mod github;
mod json;
mod sarif;
mod text;

use std::io::{BufWriter, Write};
use std::ops::Range;

use onward_analyzer::Analysis;
use onward_analyzer::finding::{Finding, Place};
use onward_analyzer::position::Position;

use crate::args::{Check, CheckFormat};
use crate::folder::judged;
use crate::{CouldNotRun, Outcome};

pub(crate) fn run(command: &Check, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let folders = command.folders.iter();
    let modules = folders
        .map(|folder| judged(folder))
        .collect::<Result<Vec<_>, _>>()?;
    let mut out = BufWriter::new(out);
    match command.format {
        CheckFormat::Text => text::write(&modules, &mut out)?,
        CheckFormat::Json => json::write(&modules, &mut out)?,
        CheckFormat::Sarif => sarif::write(&modules, &mut out)?,
        CheckFormat::Github => github::write(&modules, &mut out)?,
    }
    out.flush()?;
    let clean = modules.iter().all(|module| module.findings.is_empty());
    Ok(if clean {
        Outcome::Good
    } else {
        Outcome::Refused
    })
}

/// Everything that was found, in the order of files and lines: what is told and what is noted.
fn all(module: &Analysis) -> Vec<&Finding> {
    let mut all: Vec<&Finding> = module.findings.iter().chain(&module.noted).collect();
    let start = |finding: &Finding| finding.place.span.as_ref().map(|span| span.start);
    all.sort_by(|a, b| {
        let key = |finding: &Finding| (start(finding), finding.rule);
        (&a.place.path, key(a)).cmp(&(&b.place.path, key(b)))
    });
    all
}

/// The first position and the one behind the last, or none for a file or folder as a whole.
fn positions(module: &Analysis, place: &Place) -> Option<(Position, Position)> {
    let text = module.module.texts.get(&place.path)?;
    let Range { start, end } = place.span.clone()?;
    Some((Position::of(text, start), Position::of(text, end)))
}
