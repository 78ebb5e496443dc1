//! `cargo xtask new-rule`.

mod list;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

const RULE: &str = include_str!("rule.txt");
const PAGE: &str = include_str!("page.txt");

/// Where the groups are, from the workspace root.
const RULES: &str = "analyzer/src/rules";
/// Folders there that are not groups: what several rules ask, and what several propose.
const SHARED: [&str; 2] = ["facts", "fixes"];

/// Write a rule and its page, and add the rule to the list of its group
#[derive(Debug, Args)]
pub(crate) struct NewRule {
    /// Group of the rule: a folder of analyzer/src/rules, such as locks.
    group: String,
    /// Id of the rule in kebab-case, which names the problem, such as drop-column.
    id: String,
}

/// Why no rule was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NewRuleError {
    #[error(
        "`{0}` is not a rule id: write lower-case words and numbers with `-` between them, such as drop-column"
    )]
    Id(String),
    #[error("there is no group `{group}`; the groups are: {}", groups.join(", "))]
    Group { group: String, groups: Vec<String> },
    #[error("the rule `{id}` exists already, in {}", path.display())]
    Exists { id: String, path: PathBuf },
    #[error("cannot add the rule to {}: {problem}", path.display())]
    List {
        path: PathBuf,
        problem: &'static str,
    },
    #[error("cannot read or write {}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> NewRuleError {
    let path = path.to_owned();
    move |source| NewRuleError::Io { path, source }
}

/// Writes the files below a workspace and returns their paths. Writes nothing when it refuses.
pub(crate) fn new_rule(arguments: &NewRule, root: &Path) -> Result<[PathBuf; 3], NewRuleError> {
    let NewRule { group, id } = arguments;
    if !is_kebab_case(id) {
        return Err(NewRuleError::Id(id.clone()));
    }
    let rules = root.join(RULES);
    let groups = groups(&rules)?;
    if !groups.contains(group) {
        return Err(NewRuleError::Group {
            group: group.clone(),
            groups,
        });
    }
    let name = id.replace('-', "_");
    for other in &groups {
        for ending in ["rs", "md"] {
            let path = rules.join(other).join(&name).with_extension(ending);
            if path.exists() {
                let id = id.clone();
                return Err(NewRuleError::Exists { id, path });
            }
        }
    }
    let folder = rules.join(group);
    let list = folder.join("mod.rs");
    let text = fs::read_to_string(&list).map_err(at(&list))?;
    let text = list::with_rule(&text, &name).map_err(|problem| NewRuleError::List {
        path: list.clone(),
        problem,
    })?;
    let fill = |template: &str| {
        let template = template.replace("{id}", id).replace("{name}", &name);
        template.replace("{Group}", &capitalized(group))
    };
    let files = [
        (folder.join(&name).with_extension("rs"), fill(RULE)),
        (folder.join(&name).with_extension("md"), fill(PAGE)),
        (list, text),
    ];
    for (path, text) in &files {
        fs::write(path, text).map_err(at(path))?;
    }
    Ok(files.map(|(path, _)| path))
}

/// The folders that have a list of rules, in alphabetical order.
fn groups(rules: &Path) -> Result<Vec<String>, NewRuleError> {
    let mut groups = Vec::new();
    for entry in fs::read_dir(rules).map_err(at(rules))? {
        let entry = entry.map_err(at(rules))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().join("mod.rs").exists() && !SHARED.contains(&name.as_str()) {
            groups.push(name);
        }
    }
    groups.sort();
    Ok(groups)
}

fn is_kebab_case(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    id.starts_with(|c: char| c.is_ascii_lowercase()) && id.split('-').all(word)
}

/// `Locks`, the variant of `Group`, for `locks`.
fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
