//! What several formats need of the findings: their order and their positions.

use std::ops::Range;

use onward_analyzer::Analysis;
use onward_analyzer::finding::{Finding, Place};
use onward_analyzer::position::Position;

/// All findings in the order of files and lines, including accepted ones.
pub(super) fn all(module: &Analysis) -> Vec<&Finding> {
    let mut all: Vec<&Finding> = module.findings.iter().chain(&module.noted).collect();
    let start = |finding: &Finding| finding.place.span.as_ref().map(|span| span.start);
    all.sort_by(|a, b| {
        let key = |finding: &Finding| (start(finding), finding.rule);
        (&a.place.path, key(a)).cmp(&(&b.place.path, key(b)))
    });
    all
}

/// The start and the end (exclusive); `None` for a finding about a file or folder as a whole.
pub(super) fn positions(module: &Analysis, place: &Place) -> Option<(Position, Position)> {
    let text = module.module.texts.get(&place.path)?;
    let Range { start, end } = place.span.clone()?;
    Some((Position::of(text, start), Position::of(text, end)))
}
