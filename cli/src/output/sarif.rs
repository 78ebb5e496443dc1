//! Findings as SARIF 2.1.0, the format of code scanning.

use std::io::{self, Write};

use onward_analyzer::finding::{Finding, Place};
use onward_analyzer::rule::Rule;
use onward_analyzer::{Analysis, RULES, Severity};
use serde_json::{Value, json};

use super::findings::{Checked, all, positions};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(crate) fn write(modules: &[Checked], out: &mut impl Write) -> io::Result<()> {
    let results: Vec<Value> = modules
        .iter()
        .map(|module| &module.analysis)
        .flat_map(|module| {
            let all = all(module).into_iter();
            all.map(|finding| result(module, finding))
        })
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "onward",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(|rule| self::rule(rule)).collect::<Vec<_>>(),
            }},
            // Columns are counted in characters, not in UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    writeln!(out, "{document:#}")
}

fn rule(rule: &Rule) -> Value {
    let strictest = [
        rule.levels.startup,
        rule.levels.release,
        rule.levels.seed,
        rule.levels.data,
    ];
    let strictest = strictest.into_iter().flatten().max();
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(strictest.unwrap_or(Severity::Allow)) },
        "properties": { "tags": [rule.group.word()] },
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Forbid | Severity::Deny => "error",
        Severity::Warn => "warning",
        Severity::Allow => "note",
    }
}

fn result(module: &Analysis, finding: &Finding) -> Value {
    let message = &finding.message;
    let text = format!("{}\n\n{}\n\n{}", message.what, message.why, message.fix());
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [location(module, &finding.place, None)],
    });
    if let Some((place, label)) = message.related.as_deref() {
        result["relatedLocations"] = json!([location(module, place, Some(label))]);
    }
    if let Some(reason) = &finding.allowed_because {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

fn location(module: &Analysis, place: &Place, label: Option<&str>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.path) } });
    if let Some((from, to)) = positions(module, place) {
        physical["region"] = json!({
            "startLine": from.line,
            "startColumn": from.column,
            "endLine": to.line,
            "endColumn": to.column,
        });
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(label) = label {
        location["message"] = json!({ "text": label });
    }
    location
}

/// A path as a relative URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}
