//! What must never be, as tests over the sources of the whole workspace.
//!
//! Each never is a function from sources to violations, and is asked twice: about the workspace,
//! which has to be clean, and about a made-up violation, which has to be found.

mod boundaries;
mod dependencies;
mod floors;
mod map;
mod second_reading;
mod sources;
mod sql;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

/// A file, with its path from the workspace root.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            text: text.into(),
        }
    }

    fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// The lines from 1, without comments, and without the module of unit tests at the end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.text.find("\n#[cfg(test)]\nmod ");
        let shipped = &self.text[..tests.unwrap_or(self.text.len())];
        let shipped = if self.path.ends_with("/tests.rs") {
            ""
        } else {
            shipped
        };
        shipped.lines().enumerate().filter_map(|(n, line)| {
            let code = line.split(" // ").next().unwrap_or_default();
            (!code.trim_start().starts_with("//")).then_some((n + 1, code))
        })
    }

    /// `path:line: what` for each line of code that holds one of the words.
    fn lines_with(&self, words: &[&str]) -> Vec<String> {
        let bad = self
            .code()
            .filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        bad.map(|(n, line)| format!("{}:{n}: {}", self.path, line.trim()))
            .collect()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files of the workspace with this ending; each crate that is shipped has one.
fn workspace(ending: &str) -> Vec<Source> {
    let sources = files(ending);
    for krate in ["analyzer", "cli", "macros", "runtime"] {
        let found = sources.iter().any(|source| source.is_below(&[krate]));
        assert!(found, "no file of {krate} ends in {ending}");
    }
    sources
}

/// All files with this ending, except those that are generated or hidden.
fn files(ending: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root().join(&folder)).expect("the workspace can be read");
        for entry in entries {
            let entry = entry.expect("the workspace can be read");
            let name = entry.file_name().into_string().expect("names are text");
            let path = format!("{folder}{name}");
            if name.starts_with('.') || name == "target" {
                continue;
            } else if entry.file_type().expect("entries have a type").is_dir() {
                folders.push(format!("{path}/"));
            } else if name.ends_with(ending) {
                let text = fs::read_to_string(entry.path()).unwrap_or_default();
                sources.push(Source { path, text });
            }
        }
    }
    sources
}

/// Asks a never about the workspace and about violations, each of which it has to find.
fn never(check: impl Fn(&[Source]) -> Vec<String>, violations: impl IntoIterator<Item = Source>) {
    for violation in violations {
        let seeded = format!("{}: {:?}", violation.path, violation.text);
        assert!(
            !check(&[violation]).is_empty(),
            "would not be found: {seeded}"
        );
    }
    let found = check(&workspace(".rs"));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// A never that is a list of words below some folders.
fn never_says(folders: &[&str], words: &[&str], violations: impl IntoIterator<Item = Source>) {
    let check = |sources: &[Source]| {
        sources
            .iter()
            .filter(|source| source.is_below(folders))
            .flat_map(|source| source.lines_with(words))
            .collect()
    };
    never(check, violations);
}
