//! The checks of one page, each a list of what is wrong with it.

use std::collections::BTreeMap;

use onward_analyzer::finding::Finding;
use onward_analyzer::position::Position;
use onward_analyzer::rule::Rule;
use onward_analyzer::source::Module;
use onward_analyzer::{Analysis, Severity, analyze, report};
use onward_cases::page::{Case, Expected, Page};

/// The name of the module in every case.
pub(crate) const MODULE: &str = "app";

/// Analyzes a case. Findings of the page's own rule that are only a line in the report count too.
pub(crate) fn run(id: &str, case: &Case) -> Analysis {
    let files = case
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.text.as_str()));
    let settings = case.settings.as_deref().unwrap_or_default();
    let mut module = Module::in_memory(MODULE, files).with_settings(settings);
    if let Some(lock) = &case.lock {
        module = module.with_lock(&lock.unmarked());
    }
    let mut analysis = analyze(module);
    let noted = analysis.noted.iter().filter(|noted| noted.rule == id);
    let noted = noted.filter(|noted| noted.allowed_because.is_none());
    analysis.findings.extend(noted.cloned());
    analysis
}

fn found(finding: &Finding, texts: &BTreeMap<String, String>) -> Expected {
    let place = &finding.place;
    let line = place
        .span
        .as_ref()
        .and_then(|span| Some(Position::of(texts.get(&place.path)?, span.start).line));
    let file = place
        .path
        .rsplit_once('/')
        .map_or(&*place.path, |(_, file)| file);
    Expected {
        file: file.to_owned(),
        line: line.unwrap_or(0),
        rule: finding.rule.to_owned(),
    }
}

/// Findings without a marker, and markers without a finding.
pub(crate) fn markers(id: &str, case: &Case) -> Vec<String> {
    let analysis = run(id, case);
    let texts = &analysis.module.texts;
    let mut unmarked: Vec<Expected> = analysis.findings.iter().map(|f| found(f, texts)).collect();
    let mut missing = Vec::new();
    for expected in case.expected() {
        match unmarked.iter().position(|found| *found == expected) {
            Some(at) => {
                unmarked.swap_remove(at);
            }
            None => missing.push(expected),
        }
    }
    unmarked.sort();
    let missing = missing
        .iter()
        .map(|missing| at(case, missing, "expected", "got", &unmarked));
    let surplus = unmarked
        .iter()
        .map(|surplus| at(case, surplus, "got", "expected", &[]));
    missing.chain(surplus).collect()
}

/// `23: "A case": 001_a.sql:2: expected drop-table, got nothing`.
fn at(case: &Case, one: &Expected, has: &str, lacks: &str, others: &[Expected]) -> String {
    let mut files = case.files.iter().chain(&case.lock);
    let file = files.find(|file| file.name == one.file);
    let line = match (file, one.line) {
        (Some(file), 0) => file.line,
        (Some(file), line) => file.line + 1 + line,
        (None, _) => case.line,
    };
    let instead: Vec<&str> = others
        .iter()
        .filter(|other| (&other.file, other.line) == (&one.file, one.line))
        .map(|other| other.rule.as_str())
        .collect();
    let instead = match instead.join(", ") {
        none if none.is_empty() => "nothing".to_owned(),
        some => some,
    };
    format!(
        "{line}: \"{}\": {}:{}: {has} {}, {lacks} {instead}",
        case.title, one.file, one.line, one.rule
    )
}

fn rendered(id: &str, case: &Case) -> String {
    let analysis = run(id, case);
    let reports = report::by_file(&analysis.findings, &analysis.module.texts);
    reports.join("\n").trim_end().to_owned()
}

/// A `findings` block that differs from the rendered findings of the case.
pub(crate) fn rendering(id: &str, case: &Case) -> Option<String> {
    let block = case.findings.as_ref()?;
    let rendered = rendered(id, case);
    (block.text != rendered).then(|| {
        format!(
            "{}: \"{}\": the findings differ, `BLESS=1` rewrites them\nexpected:\n{}\ngot:\n{rendered}\n",
            block.lines.start + 1,
            case.title,
            block.text
        )
    })
}

/// The page with every rendering brought up to date; the first case with a finding of the rule gets one
/// if it has none.
pub(crate) fn bless(id: &str, text: &str, page: &Page) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let first = page.cases.iter().position(|case| catches(case, id));
    for (n, case) in page.cases.iter().enumerate().rev() {
        if let Some(block) = &case.findings {
            lines.splice(block.lines.clone(), [rendered(id, case)]);
        } else if first == Some(n) {
            let block = format!("\n```findings\n{}\n```", rendered(id, case));
            lines.splice(case.end..case.end, [block]);
        }
    }
    lines.join("\n") + "\n"
}

fn catches(case: &Case, id: &str) -> bool {
    case.expected().iter().any(|expected| expected.rule == id)
}

/// The title, and the cases that every page must have.
pub(crate) fn structure(id: &str, page: &Page) -> Vec<String> {
    let mut problems = Vec::new();
    if page.title != id {
        problems.push(format!("1: the title is `{}`, not `{id}`", page.title));
    }
    for case in &page.cases {
        let problem = if case.files.is_empty() {
            "has no SQL"
        } else if case.is_the_way_out() && !case.expected().is_empty() {
            "shows the safe way but has findings"
        } else {
            continue;
        };
        problems.push(format!("{}: \"{}\" {problem}", case.line, case.title));
    }
    let mut owes = |what: &str, is: &dyn Fn(&Case) -> bool| {
        if !page.cases.iter().any(is) {
            problems.push(format!("1: the page has no case that {what}"));
        }
    };
    let clean = |case: &Case| case.expected().is_empty();
    owes("is caught", &|case| catches(case, id));
    owes("is rightly not caught", &|case| {
        clean(case) && !case.is_the_way_out()
    });
    owes("is called \"The safe way\" or \"Instead\"", &|case| {
        clean(case) && case.is_the_way_out()
    });
    let first = page.cases.iter().find(|case| catches(case, id));
    if let Some(case) = first.filter(|case| case.findings.is_none()) {
        problems.push(format!(
            "{}: \"{}\" shows no findings, `BLESS=1` writes them",
            case.line, case.title
        ));
    }
    problems
}

/// The table of severities, and the line of aliases.
pub(crate) fn facts(rule: &Rule, page: &Page) -> Vec<String> {
    let levels = &rule.levels;
    let severities = [levels.startup, levels.seed, levels.release, levels.data].map(word);
    let table = [
        "| startup | seed | release | data |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
        format!("| {} |", severities.join(" | ")),
    ];
    let stated: Vec<&String> = page
        .intro
        .iter()
        .filter(|line| line.starts_with('|'))
        .collect();
    let mut problems = Vec::new();
    if stated != table.iter().collect::<Vec<_>>() {
        problems.push(format!(
            "1: the page must state the severities as\n{}\n",
            table.join("\n")
        ));
    }
    let aliases = (!rule.aliases.is_empty())
        .then(|| format!("Also known as: `{}`.", rule.aliases.join("`, `")));
    let stated = page
        .intro
        .iter()
        .find(|line| line.starts_with("Also known as"));
    if stated != aliases.as_ref() {
        problems.push(format!(
            "1: expected {aliases:?} in the introduction, found {stated:?}"
        ));
    }
    problems
}

/// A dash where the rule does not run.
fn word(severity: Option<Severity>) -> &'static str {
    severity.map_or("-", Severity::word)
}
