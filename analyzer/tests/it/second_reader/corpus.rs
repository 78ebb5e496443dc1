//! The texts that are compared: the rules' pages, the modules, the table of the grammar, the statements
//! whose locks were measured, and a few more.

use std::fs;
use std::path::{Path, PathBuf};

use onward_cases::grammar::accepted;
use onward_cases::page::parse;

use crate::effects::measured;

/// A text that is read as a whole: a file of a page or a module, or a single statement.
pub(super) struct Text {
    /// Where it comes from.
    pub(super) place: String,
    pub(super) text: String,
}

pub(super) fn all() -> Vec<Text> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for path in files(&root.join("src/rules"), "md") {
        let page = parse(&read(&path)).unwrap_or_else(|error| panic!("{error}"));
        let files = page.cases.into_iter().flat_map(|case| case.files);
        texts.extend(files.map(|file| Text {
            place: format!("{} of {}", file.name, page.title),
            text: file.text,
        }));
    }
    for path in files(&root.join("../migrations"), "sql") {
        texts.push(Text {
            text: read(&path),
            place: path.display().to_string(),
        });
    }
    texts.extend(accepted().map(|row| Text {
        place: format!("grammar/accepted.sql, {}", row.sql),
        text: row.sql.to_owned(),
    }));
    let wider = include_str!("wider.sql");
    texts.extend(wider.split_inclusive(";\n").map(|statement| Text {
        place: format!("wider.sql, {statement}"),
        text: statement.to_owned(),
    }));
    for form in measured::forms() {
        let statements = form.setup.into_iter().chain(form.statements);
        texts.extend(statements.map(|text| Text {
            place: format!("lock_matrix.json, {}", form.id),
            text,
        }));
    }
    texts
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files with this ending in a folder and those below it, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it is read").path())
        .collect();
    paths.sort();
    let found = paths.into_iter().flat_map(|path| match path.is_dir() {
        true => files(&path, ending),
        false if path.extension().is_some_and(|own| own == ending) => vec![path],
        false => Vec::new(),
    });
    found.collect()
}
