//! Notes about a module's findings as a whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;
use crate::intake::file_name::{Category, Version, next_free};
use crate::intake::module::{Module, Source};
use crate::intake::settings;
use crate::rules;

/// From how many findings on, in how many files, the note is worth its lines.
const MANY: (usize, usize) = (10, 3);

/// Names of folders that say what is in them, and not whose it is.
const NAMES_OF_NO_SERVICE: [&str; 10] = [
    "database",
    "db",
    "migration",
    "migrations",
    "pg",
    "postgres",
    "postgresql",
    "schema",
    "schemas",
    "sql",
];

/// What is to be said about all findings together, such as the line of `onward.toml` for files that are applied
/// already. Each is a paragraph.
///
/// ```
/// use onward_analyzer::{analyze, report, source::Module};
///
/// let text = "CREATE TABLE a (b int); CREATE TABLE c (d int);";
/// let files = [("001_a.sql", text), ("002_b.sql", text), ("003_c.sql", text)];
/// let analysis = analyze(Module::in_memory("shop", files));
/// let notes = report::notes(&analysis.findings, &analysis.module);
/// assert!(notes[0].contains("lint_from = \"004\""));
/// ```
#[must_use]
pub fn notes(findings: &[Finding], module: &Module) -> Vec<String> {
    let notes = [
        about_schema(findings, module),
        about_applied_files(findings, module),
    ];
    notes.into_iter().flatten().collect()
}

/// The schema that a folder gets from a name like `migrations`, which is hardly the one that was meant.
fn about_schema(findings: &[Finding], module: &Module) -> Option<String> {
    let is_guessed =
        module.settings.schema.is_none() && NAMES_OF_NO_SERVICE.contains(&module.schema.as_str());
    (is_guessed && !findings.is_empty()).then(|| {
        format!(
            "note: the schema of this module is `{}`, after its folder. To name another, write into `{}`\n\n    \
             schema = \"app\"",
            module.schema,
            module.path(settings::FILE),
        )
    })
}

/// What to do if the files of many findings are applied and cannot be edited any more: the line of `onward.toml` that
/// says so. `None` when there are few findings.
fn about_applied_files(findings: &[Finding], module: &Module) -> Option<String> {
    let sources: BTreeMap<&str, &Source> = module
        .sources
        .iter()
        .map(|source| (source.path.as_str(), source))
        .collect();
    let found: Vec<&Source> = findings
        .iter()
        .filter(|finding| is_silenced(finding))
        .filter_map(|finding| sources.get(finding.place.path.as_str()).copied())
        .collect();
    let files: BTreeSet<&str> = found.iter().map(|source| source.path.as_str()).collect();
    if found.len() < MANY.0 || files.len() < MANY.1 {
        return None;
    }
    let taken = sources.values().map(|source| source.version).collect();
    let categories: BTreeSet<Category> =
        found.iter().map(|source| source.version.category).collect();
    let kept = module.settings.lint_from.iter().copied();
    let kept = kept.filter(|version| !categories.contains(&version.category));
    let first = |category: &Category| {
        let last = category.range().1;
        let number = next_free(*category, &taken).unwrap_or(last);
        let category = *category;
        Version { category, number }
    };
    let versions = kept.chain(categories.iter().map(first));
    let versions: Vec<String> = versions.map(|version| format!("\"{version}\"")).collect();
    let value = match versions.as_slice() {
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Some(format!(
        "note: {} of these findings are in {} files. If a database has applied these files, they cannot be edited any \
         more: write into `{}`\n\n    lint_from = {value}\n\n      Then older files only build the model of the \
         schema, and nothing but what the runner cannot run is reported in them.",
        found.len(),
        files.len(),
        module.path(settings::FILE),
    ))
}

/// Whether `lint_from` silences the finding.
fn is_silenced(finding: &Finding) -> bool {
    let rule = rules::ALL.iter().find(|rule| rule.id == finding.rule);
    rule.is_some_and(|rule| !rule.check.is_always_asked())
}
