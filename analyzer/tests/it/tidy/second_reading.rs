//! A rule does not read text that the parser has read already (ADR 12): it uses the facts.

use super::{Source, never};

/// Files that split text which is not parsed yet, each with the reason.
const ALLOWED: [(&str, &str); 2] = [
    (
        "analyzer/src/rules/fixes/domain.rs",
        "writes a domain's check for a column",
    ),
    (
        "analyzer/src/rules/fixes/allowance.rs",
        "reads the files that rules suggest",
    ),
];

/// Calls that split a text.
const READERS: [&str; 4] = ["split::split", "split::tokens", "split::{", "crate::lower"];

#[test]
fn no_rule_parses_a_statement_again() {
    let check = |sources: &[Source]| {
        let rules = sources
            .iter()
            .filter(|source| source.is_below(&["analyzer/src/rules/"]));
        let others = rules.filter(|source| ALLOWED.iter().all(|(path, _)| source.path != *path));
        others
            .flat_map(|source| source.lines_with(&READERS))
            .collect()
    };
    let violations = READERS.map(|reader| {
        let text = format!("use {reader};");
        Source::new("analyzer/src/rules/locks/lock_table.rs", text)
    });
    never(check, violations);
}

#[test]
fn every_exception_still_parses_text() {
    let sources = super::workspace(".rs");
    for (path, reason) in ALLOWED {
        let source = sources.iter().find(|source| source.path == path);
        let reads = source.is_some_and(|source| !source.lines_with(&READERS).is_empty());
        assert!(reads, "{path} {reason}, but no longer splits any text");
    }
}
