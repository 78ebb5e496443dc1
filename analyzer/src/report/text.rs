//! Renders findings as text with source lines, in the style of rustc.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::finding::{Finding, Place, Severity};
use crate::text::position::Lines;

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
            let rendered: Vec<String> = each(of_file, texts)
                .into_iter()
                .map(|(_, text)| text)
                .collect();
            format!("{}\n\n{}\n", heading(of_file), rendered.join("\n\n"))
        })
        .collect()
}

/// How many findings of one rule in one line are rendered.
const MOST: usize = 20;

/// Renders the findings one by one, in their order. Of one rule in one line at most 20 are rendered, and the last of
/// them says how many more there are: a statement may name thousands of objects that do not exist.
///
/// ```
/// use onward_analyzer::{analyze, report, source::Module};
///
/// let tables: Vec<String> = (0..100).map(|n| format!("auth.t{n}")).collect();
/// let drop = format!("DROP TABLE {};", tables.join(", "));
/// let analysis = analyze(Module::in_memory("auth", [("001_a.sql", drop.as_str())]));
/// let texts = report::each(&analysis.findings, &analysis.module.texts);
/// assert!(texts.len() < analysis.findings.len());
/// assert!(texts.iter().any(|(_, text)| text.contains("more findings of `unknown-object`")));
/// ```
#[must_use]
pub fn each<'a>(
    findings: &'a [Finding],
    texts: &BTreeMap<String, String>,
) -> Vec<(&'a Finding, String)> {
    if findings.is_empty() {
        return Vec::new();
    }
    let sources = Sources::of(texts);
    let kind = |finding: &'a Finding| {
        let line = sources.line(&finding.place)?;
        Some((finding.place.path.as_str(), line, finding.rule))
    };
    let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
    for kind in findings.iter().filter_map(kind) {
        *kinds.entry(kind).or_default() += 1;
    }
    let mut met: BTreeMap<_, usize> = BTreeMap::new();
    let mut rendered = Vec::new();
    for finding in findings {
        let more = match kind(finding) {
            Some(kind) => {
                let nth = met.entry(kind).or_default();
                *nth += 1;
                match (*nth).cmp(&MOST) {
                    Ordering::Less => 0,
                    Ordering::Equal => kinds.get(&kind).map_or(0, |all| all - MOST),
                    Ordering::Greater => continue,
                }
            }
            None => 0,
        };
        rendered.push((finding, render(finding, &sources, more)));
    }
    rendered
}

/// The texts that findings are in, with the places of their lines.
struct Sources<'a>(BTreeMap<&'a str, (&'a str, Lines<'a>)>);

impl<'a> Sources<'a> {
    fn of(texts: &'a BTreeMap<String, String>) -> Self {
        let texts = texts.iter();
        Self(
            texts
                .map(|(path, text)| (path.as_str(), (text.as_str(), Lines::of(text))))
                .collect(),
        )
    }

    /// The line in which a place begins, from 1.
    fn line(&self, place: &Place) -> Option<usize> {
        let (_, lines) = self.0.get(place.path.as_str())?;
        let span = place.span.as_ref()?;
        Some(lines.position(span.start).line)
    }
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
/// `more` findings of its kind are not rendered.
fn render(finding: &Finding, sources: &Sources<'_>, more: usize) -> String {
    let level = match finding.severity {
        Severity::Forbid | Severity::Deny => Level::ERROR,
        Severity::Warn => Level::WARNING,
        Severity::Allow => Level::NOTE,
    };
    let message = &finding.message;
    let title = level.primary_title(&*message.what).id(finding.rule);
    let mut group = show(Group::with_title(title), &finding.place, sources, |span| {
        AnnotationKind::Primary.span(span)
    });
    if let Some((place, label)) = message.related.as_deref() {
        group = show(group, place, sources, |span| {
            AnnotationKind::Context.span(span).label(label)
        });
    }
    let mut group = group
        .element(Level::NOTE.message(&*message.why))
        .element(Level::HELP.message(message.fix()));
    if more > 0 {
        let note = format!("this line has {more} more findings of `{}`", finding.rule);
        group = group.element(Level::NOTE.message(note));
    }
    let report = [group];
    Renderer::plain()
        .decor_style(DecorStyle::Ascii)
        .render(&report)
}

fn show<'a>(
    group: Group<'a>,
    place: &'a Place,
    sources: &Sources<'a>,
    annotation: impl FnOnce(Range<usize>) -> Annotation<'a>,
) -> Group<'a> {
    let found = sources.0.get(place.path.as_str());
    let (Some((text, _)), Some(span), Some(first)) =
        (found, place.span.clone(), sources.line(place))
    else {
        return group.element(Origin::path(&*place.path));
    };
    let lines = lines_around(text, &span);
    let source = text.get(lines.clone()).unwrap_or_default();
    let span = span.start - lines.start..span.end.min(lines.end) - lines.start;
    let snippet = Snippet::source(source).path(&*place.path).line_start(first);
    group.element(snippet.annotation(annotation(span)))
}

/// The byte range of the whole lines that a span touches. With it the renderer gets a few lines, and does not
/// search a megabyte of SQL for each finding.
fn lines_around(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text
        .get(..span.start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |n| n + 1);
    let end = text
        .get(span.end..)
        .and_then(|after| after.find('\n'))
        .map_or(text.len(), |newline| span.end + newline);
    start..end
}
