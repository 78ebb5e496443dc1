//! What the compiler prints about a finding.

use onward_analyzer::finding::{Finding, Place};
use onward_analyzer::position::Position;
use onward_analyzer::{Analysis, find_rules, report, settings};

/// One text for each finding, in the order of files.
pub(crate) fn each(analysis: &Analysis) -> Vec<String> {
    report::each(&analysis.findings, &analysis.module.texts)
        .into_iter()
        .map(|(finding, drawing)| text(finding, &drawing, analysis))
        .collect()
}

/// The first line has the place, the rule and what happens: it is all that a list of problems shows.
fn text(finding: &Finding, drawing: &str, analysis: &Analysis) -> String {
    let mut text = format!("{}: {drawing}\n", place(&finding.place, analysis));
    let rule = finding.rule;
    if !find_rules(rule).is_empty() {
        text.push_str(&format!(
            "\n`onward explain {rule}` prints the page of this rule\n"
        ));
    }
    if !finding.severity.is_error() {
        let settings = format!("{}/{}", analysis.module.folder, settings::FILE);
        text.push_str(&format!(
            "`lint_from` in {settings} names the first file that is not applied yet: older ones are not checked\n"
        ));
    }
    text
}

/// `migrations/shop/002_note.sql:3:39`.
fn place(place: &Place, analysis: &Analysis) -> String {
    let path = &place.path;
    let text = analysis.module.texts.get(path);
    match text.zip(place.span.as_ref()) {
        Some((text, span)) => {
            let Position { line, column } = Position::of(text, span.start);
            format!("{path}:{line}:{column}")
        }
        None => path.clone(),
    }
}
