//! The check finds the mistakes that people make, and leaves alone what is right beside them.
//!
//! The lists are those of `onward-cases`; `tests/claims` runs them on a server.

use onward_analyzer::source::Module;
use onward_analyzer::{Finding, analyze};
use onward_cases::mistakes::{Case, List, accepted, mistakes};

/// The mistakes that are not found yet.
const PASS: [&str; 11] = [
    "view-34", "fn-23", "fn-36", "type-14", "drop-10", "alt-28", "alt-29", "alt-30", "seed-38",
    "seed-41", "seed-42",
];

/// The rules that report what a server refuses.
fn is_refusal(finding: &Finding) -> bool {
    let refusals = [
        "foreign-key-type-mismatch",
        "missing-operator-class",
        "not-immutable",
        "unknown-object",
        "unsuitable-index",
        "wrong-object-kind",
        "wrong-type",
    ];
    finding.rule.starts_with("refused-") || refusals.contains(&finding.rule)
}

/// The errors of the file under test.
fn errors(list: &List, case: &Case) -> Vec<Finding> {
    let files = [("001_base.sql", list.base), (case.file, case.sql)];
    let found = analyze(Module::in_memory("app", files)).findings;
    let is_error = |one: &Finding| one.place.path.ends_with(case.file) && one.severity.is_error();
    found.into_iter().filter(is_error).collect()
}

#[test]
fn a_plain_mistake_is_found() {
    let list = mistakes();
    let passes = list
        .cases
        .iter()
        .filter(|case| errors(&list, case).is_empty());
    let passes: Vec<&str> = passes.map(|case| case.name).collect();
    assert_eq!(passes, PASS);
    assert!(passes.len() * 100 <= list.cases.len() * 3);
}

#[test]
fn what_is_right_is_not_refused() {
    let list = accepted();
    assert!(list.cases.len() >= 280);
    let wrong: Vec<String> = { list.cases.iter() }
        .flat_map(|case| {
            let refusals = errors(&list, case).into_iter().filter(is_refusal);
            refusals.map(|one| format!("{}: {} {}", case.name, one.rule, one.message.what))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
