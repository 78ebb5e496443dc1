//! Statements that people met in the field and what is right about them, decided from PostgreSQL's manual or
//! on a server before the analyzer was asked.
//!
//! `cases.jsonl` has one on a line: `earlier` files, then `sql` in `file`. One of the rules of `must` reports
//! it at least as a warning (`!` as an error, and without a name whatever the rule), none of `must_not` does,
//! and `lock` and `scans` are what the statement takes.

use onward_analyzer::source::Module;
use onward_analyzer::{Analysis, Finding, Severity, analyze};
use serde_json::Value;

const CASES: &str = include_str!("cases.jsonl");

fn analyzed(case: &Value) -> Analysis {
    let earlier = case["earlier"].as_array().into_iter().flatten();
    let earlier = earlier.zip(1..).map(|(sql, number)| {
        let text = sql.as_str().unwrap_or_default();
        (format!("{number:03}_earlier.sql"), text)
    });
    let file = case["file"].as_str().unwrap_or_default();
    let sql = case["sql"].as_str().unwrap_or_default();
    let files: Vec<(String, &str)> = earlier.chain([(file.to_owned(), sql)]).collect();
    let files = files.iter().map(|(name, sql)| (name.as_str(), *sql));
    let mut module = Module::in_memory("app", files);
    let min_pg = case["min_pg"].as_u64().unwrap_or_default();
    module.settings.min_pg = u8::try_from(min_pg).expect("a major version");
    analyze(module)
}

fn words<'a>(case: &'a Value, key: &str) -> Vec<&'a str> {
    let words = case[key].as_array().into_iter().flatten();
    words.filter_map(Value::as_str).collect()
}

/// Whether the finding is what a word of `must` or `must_not` names.
fn is_meant(finding: &Finding, word: &str) -> bool {
    let rule = word.trim_matches('!');
    let is_rule = rule.is_empty() || rule == "*" || rule == finding.rule;
    is_rule && (!word.contains('!') || finding.severity.is_error())
}

/// What is wrong, if anything is.
fn wrong(case: &Value) -> Option<String> {
    let analysis = analyzed(case);
    let file = case["file"].as_str().unwrap_or_default();
    let of_file = analysis.findings.iter();
    let of_file = of_file.filter(|finding| finding.place.path.ends_with(file));
    let loud: Vec<&Finding> = of_file
        .filter(|finding| finding.severity != Severity::Allow)
        .collect();
    let has = |word: &&str| loud.iter().any(|finding| is_meant(finding, word));
    let must = words(case, "must");
    let last = analysis.statements.iter().rev();
    let source = analysis.module.sources.iter();
    let source = source.clone().position(|source| source.name == file);
    let of_last = last.filter(|statement| Some(statement.source) == source);
    let (mut locks, mut scans) = (Vec::new(), Vec::new());
    for statement in of_last {
        locks.extend(statement.locks.iter());
        scans.extend(statement.scans.iter());
    }
    let wanted = case["lock"].as_object().into_iter().flatten();
    let mut wrong_locks = wanted.filter(|(table, mode)| {
        let taken = locks.iter().filter(|(of, _)| of == *table);
        let strongest = taken.map(|(_, mode)| *mode).max();
        strongest.map(|mode| mode.to_string()).as_deref() != mode.as_str()
    });
    let is_missed = !must.is_empty() && !must.iter().any(has);
    let is_false = words(case, "must_not").iter().any(has);
    let is_unscanned = { words(case, "scans") }
        .iter()
        .any(|table| !scans.iter().any(|scanned| *scanned == table));
    let is_wrong = is_missed || is_false || is_unscanned || wrong_locks.next().is_some();
    let found: Vec<String> = loud
        .iter()
        .map(|finding| format!("{} {}", finding.rule, finding.message.what))
        .collect();
    is_wrong.then(|| format!("{}: found {found:?}, locks {locks:?}", case["id"]))
}

#[test]
fn what_people_met_is_judged_right() {
    let cases = CASES.lines().map(|line| {
        let case: Value = serde_json::from_str(line).expect("a case is JSON");
        case
    });
    let cases: Vec<Value> = cases.collect();
    assert_eq!(cases.len(), 90);
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
