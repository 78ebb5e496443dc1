//! What the lowering has read, no rule reads again (ADR 12): it asks for the fact.

use super::{Source, never};

/// Files that cut up text of which no statement is made yet, each with its reason.
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

/// What takes a text apart.
const READERS: [&str; 4] = ["split::split", "split::tokens", "split::{", "crate::lower"];

#[test]
fn no_rule_reads_a_statement_a_second_time() {
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
fn whatever_may_read_a_statement_again_does() {
    let sources = super::workspace(".rs");
    for (path, reason) in ALLOWED {
        let source = sources.iter().find(|source| source.path == path);
        let reads = source.is_some_and(|source| !source.lines_with(&READERS).is_empty());
        assert!(reads, "{path} {reason}, and takes no text apart any more");
    }
}
