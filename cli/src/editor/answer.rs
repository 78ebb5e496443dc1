//! Findings as diagnostics.

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString,
};
use onward_analyzer::Severity;
use onward_analyzer::finding::{Finding, Place};

use super::folder::{Folder, uri_of};
use super::place::{Columns, top};

pub(super) fn diagnostic(folder: &Folder, finding: &Finding, columns: Columns) -> Diagnostic {
    let message = &finding.message;
    let related = message.related.as_deref().and_then(|(place, words)| {
        Some(vec![DiagnosticRelatedInformation {
            location: location(folder, place, columns)?,
            message: words.clone(),
        }])
    });
    Diagnostic {
        range: range(folder, &finding.place, columns),
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(finding.rule.to_owned())),
        source: Some("onward".to_owned()),
        message: format!(
            "{}\n\n{}\n\nfix: {}\n\n`onward explain {}` prints the page of this rule",
            message.what, message.why, message.help, finding.rule
        ),
        related_information: related,
        ..Diagnostic::default()
    }
}

const fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Forbid | Severity::Deny => DiagnosticSeverity::ERROR,
        Severity::Warn => DiagnosticSeverity::WARNING,
        Severity::Allow => DiagnosticSeverity::HINT,
    }
}

pub(super) fn range(folder: &Folder, place: &Place, columns: Columns) -> lsp_types::Range {
    let text = folder.text(&place.path);
    match (text, &place.span) {
        (Some(text), Some(span)) => columns.range(text, span),
        (Some(_) | None, None) | (None, Some(_)) => top(),
    }
}

pub(super) fn location(folder: &Folder, place: &Place, columns: Columns) -> Option<Location> {
    let uri = uri_of(&folder.on_disk(&place.path))?;
    Some(Location::new(uri, range(folder, place, columns)))
}
