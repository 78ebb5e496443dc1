//! What several formats need of the findings: which are shown, their order and their positions.

use std::collections::BTreeMap;
use std::ops::Range;

use onward_analyzer::Analysis;
use onward_analyzer::finding::{Finding, Place};
use onward_analyzer::position::{Lines, Position};

use crate::named::Named;

/// A module after the check, with what is to be shown of it.
pub(crate) struct Checked {
    pub(crate) analysis: Analysis,
    /// The paths of the files, if single files were named; empty for the whole module.
    pub(super) only: Vec<String>,
    /// How many findings are not shown, because they are in other files.
    pub(super) elsewhere: usize,
}

impl Checked {
    pub(crate) fn of(named: &Named) -> Self {
        Self::with(named, named.analyzed())
    }

    /// The same of an analysis that was judged further.
    pub(crate) fn with(named: &Named, mut analysis: Analysis) -> Self {
        let only = named.paths();
        let all = analysis.findings.len();
        if !only.is_empty() {
            // Where a file could not be read, what is said about others is part of the answer.
            let is_read = analysis.plan.is_some() || analysis.refused_plan.is_some();
            let is_shown =
                |place: &Place| only.contains(&place.path) || !is_read && place.span.is_none();
            analysis.findings.retain(|finding| is_shown(&finding.place));
            analysis.noted.retain(|finding| is_shown(&finding.place));
            let sources = &analysis.module.sources;
            analysis.statements.retain(|statement| {
                let source = sources.get(statement.source);
                source.is_some_and(|source| only.contains(&source.path))
            });
        }
        Self {
            elsewhere: all - analysis.findings.len(),
            only,
            analysis,
        }
    }
}

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

/// The lines of a module's files.
pub(super) struct Texts<'a>(BTreeMap<&'a str, Lines<'a>>);

impl<'a> Texts<'a> {
    pub(super) fn of(module: &'a Analysis) -> Self {
        let texts = module.module.texts.iter();
        Self(
            texts
                .map(|(path, text)| (path.as_str(), Lines::of(text)))
                .collect(),
        )
    }

    /// The start and the end (exclusive); `None` for a finding about a file or folder as a whole.
    pub(super) fn positions(&self, place: &Place) -> Option<(Position, Position)> {
        let Range { start, end } = place.span.clone()?;
        let lines = self.0.get(place.path.as_str())?;
        Some((lines.position(start), lines.position(end)))
    }

    /// The line in which a place begins.
    pub(super) fn first_line(&self, place: &Place) -> &'a str {
        let lines = self.0.get(place.path.as_str());
        let found = lines.zip(self.positions(place));
        found.map_or("", |(lines, (from, _))| lines.line(from.line))
    }
}
