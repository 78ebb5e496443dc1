//! Renders findings as text with source lines, in the style of rustc.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::finding::{Finding, Place, Severity};
use crate::text::position::Position;

/// Renders the findings, one text with a heading for each file, in the order of files.
///
/// ```
/// use onward_analyzer::{analyze, report, source::Module};
///
/// let table = ("001_a.sql", "CREATE TABLE auth.a (id bigint PRIMARY KEY);");
/// let drop = ("002_a.sql", "DROP TABLE auth.a;");
/// let analysis = analyze(Module::in_memory("auth", [table, drop]));
/// let reports = report::by_file(&analysis.findings, &analysis.module.texts);
/// assert!(reports[0].contains("error[drop-table]"));
/// assert!(reports[0].contains("migrations/auth/002_a.sql:1:12"));
/// ```
#[must_use]
pub fn by_file(findings: &[Finding], texts: &BTreeMap<String, String>) -> Vec<String> {
    findings
        .chunk_by(|a, b| a.place.path == b.place.path)
        .map(|of_file| {
            let rendered: Vec<String> = of_file.iter().map(|finding| one(finding, texts)).collect();
            format!("{}\n\n{}\n", heading(of_file), rendered.join("\n\n"))
        })
        .collect()
}

/// `2 errors and 1 warning in migrations/auth/003_email.sql`.
fn heading(findings: &[Finding]) -> String {
    let errors = findings
        .iter()
        .filter(|finding| finding.severity.is_error())
        .count();
    let count = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let counts: Vec<String> = [
        count(errors, "error"),
        count(findings.len() - errors, "warning"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let path = findings
        .first()
        .map_or("", |finding| finding.place.path.as_str());
    format!("{} in {path}", counts.join(" and "))
}

/// Renders one finding: what happens, where, who is affected, and what to do.
///
/// ```
/// use onward_analyzer::{analyze, report, source::Module};
///
/// let analysis = analyze(Module::in_memory("auth", [("001_a.sql", "BEGIN;")]));
/// let text = report::one(&analysis.findings[0], &analysis.module.texts);
/// assert!(text.starts_with("error[transaction-control]: "));
/// ```
#[must_use]
pub fn one(finding: &Finding, texts: &BTreeMap<String, String>) -> String {
    let level = match finding.severity {
        Severity::Forbid | Severity::Deny => Level::ERROR,
        Severity::Warn => Level::WARNING,
        Severity::Allow => Level::NOTE,
    };
    let message = &finding.message;
    let title = level.primary_title(&*message.what).id(finding.rule);
    let mut group = show(Group::with_title(title), &finding.place, texts, |span| {
        AnnotationKind::Primary.span(span)
    });
    if let Some((place, label)) = message.related.as_deref() {
        group = show(group, place, texts, |span| {
            AnnotationKind::Context.span(span).label(label)
        });
    }
    let report = [group
        .element(Level::NOTE.message(&*message.why))
        .element(Level::HELP.message(message.fix()))];
    Renderer::plain()
        .decor_style(DecorStyle::Ascii)
        .render(&report)
}

fn show<'a>(
    group: Group<'a>,
    place: &'a Place,
    texts: &'a BTreeMap<String, String>,
    annotation: impl FnOnce(Range<usize>) -> Annotation<'a>,
) -> Group<'a> {
    let Some((text, span)) = texts.get(&place.path).zip(place.span.clone()) else {
        return group.element(Origin::path(&*place.path));
    };
    let (lines, first) = lines_around(text, &span);
    let source = text.get(lines.clone()).unwrap_or_default();
    let span = span.start - lines.start..span.end.min(lines.end) - lines.start;
    let snippet = Snippet::source(source).path(&*place.path).line_start(first);
    group.element(snippet.annotation(annotation(span)))
}

/// The byte range of the whole lines that a span touches, and the number of the first line. With it the
/// renderer gets a few lines, and does not search a megabyte of SQL for each finding.
fn lines_around(text: &str, span: &Range<usize>) -> (Range<usize>, usize) {
    let start = text
        .get(..span.start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |n| n + 1);
    let end = text
        .get(span.end..)
        .and_then(|after| after.find('\n'))
        .map_or(text.len(), |newline| span.end + newline);
    (start..end, Position::of(text, start).line)
}
