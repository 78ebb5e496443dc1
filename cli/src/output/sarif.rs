//! Findings as SARIF 2.1.0, the format of code scanning.

use std::collections::BTreeMap;
use std::io::{self, Write};

use onward_analyzer::finding::{Finding, Place};
use onward_analyzer::rule::Rule;
use onward_analyzer::{RULES, Severity};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::findings::{Checked, Texts, all};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(crate) fn write(modules: &[Checked], out: &mut impl Write) -> io::Result<()> {
    let results: Vec<Value> = modules
        .iter()
        .map(|module| &module.analysis)
        .flat_map(|module| {
            let mut seen = BTreeMap::new();
            let texts = Texts::of(module);
            let all = all(module).into_iter();
            all.map(|finding| result(&texts, finding, &mut seen))
                .collect::<Vec<_>>()
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
        "helpUri": page(rule),
        "help": { "text": rule.page, "markdown": rule.page },
        "defaultConfiguration": { "level": level(strictest.unwrap_or(Severity::Allow)) },
        "properties": { "tags": [rule.group.word()] },
    })
}

/// The rule's page, as the sources of this version have it.
fn page(rule: &Rule) -> String {
    format!(
        "https://docs.rs/crate/onward-analyzer/{}/source/src/rules/{}/{}.md",
        env!("CARGO_PKG_VERSION"),
        rule.group.word(),
        rule.id.replace('-', "_"),
    )
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Forbid | Severity::Deny => "error",
        Severity::Warn => "warning",
        Severity::Allow => "note",
    }
}

/// What stays the same when lines above it come and go: the rule, the file and the text of the line, and which one it is
/// where one line is in the file several times.
fn fingerprint(texts: &Texts<'_>, finding: &Finding, seen: &mut BTreeMap<String, usize>) -> String {
    let line = texts.first_line(&finding.place);
    let words: Vec<&str> = line.split_whitespace().collect();
    let which = [finding.rule, &finding.place.path, &words.join(" ")].join("\n");
    let number = seen.entry(which.clone()).or_default();
    *number += 1;
    let digest: [u8; 32] = Sha256::digest(format!("{which}\n{number}")).into();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn result(texts: &Texts<'_>, finding: &Finding, seen: &mut BTreeMap<String, usize>) -> Value {
    let message = &finding.message;
    let text = format!("{}\n\n{}\n\n{}", message.what, message.why, message.fix());
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [location(texts, &finding.place, None)],
        "partialFingerprints": { "onward/v1": fingerprint(texts, finding, seen) },
    });
    if let Some((place, label)) = message.related.as_deref() {
        result["relatedLocations"] = json!([location(texts, place, Some(label))]);
    }
    if let Some(reason) = &finding.allowed_because {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

fn location(texts: &Texts<'_>, place: &Place, label: Option<&str>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.path) } });
    if let Some((from, to)) = texts.positions(place) {
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
