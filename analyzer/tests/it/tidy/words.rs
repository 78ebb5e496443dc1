//! Messages, pages, docs and comments are in plain English: the habits of CONTRIBUTING's table are gone.

use std::fs;

use super::{Source, files, root};

/// What is read by people: sources with their messages and comments, pages, docs, and what the compiler says.
const ENDINGS: [&str; 3] = [".rs", ".md", ".toml"];

/// The table is where the habits are listed.
const LISTED: &str = "CONTRIBUTING.md";

/// What is a name and not a habit, each with its file.
const NAMES: [(&str, &str); 3] = [
    // The user `nobody` of a Unix system.
    ("pg/src/error.rs", "nobody"),
    ("pg/src/user.rs", "nobody"),
    (file!(), "nobody"),
];

/// The phrases in backticks in the first cells of the table `| habit | plain | why |`, in lower case.
fn habits(contributing: &str) -> Vec<String> {
    let rows = contributing
        .lines()
        .skip_while(|line| !line.starts_with("| habit |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.trim_matches('|').split('|').next());
    let phrases = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    phrases.map(str::to_lowercase).collect()
}

/// `path:line: phrase` for each habit in a text. A phrase counts from the start of a word, also over the end
/// of a line.
fn found(source: &Source, habits: &[String]) -> Vec<String> {
    let text = source.text.to_lowercase();
    let mut found = Vec::new();
    for habit in habits {
        for (at, _) in text.match_indices(habit.as_str()) {
            let before = text[..at].chars().next_back();
            let is_name = NAMES.contains(&(source.path.as_str(), habit.as_str()));
            if before.is_none_or(|c| !c.is_alphanumeric()) && !is_name {
                let line = text[..at].matches('\n').count() + 1;
                found.push(format!("{}:{line}: `{habit}`", source.path));
            }
        }
    }
    found
}

#[test]
fn the_habits_of_the_table_are_gone() {
    let table = fs::read_to_string(root().join(LISTED)).expect("the table can be read");
    let habits = habits(&table);
    assert!(habits.len() > 15, "the table has only {habits:?}");
    for habit in &habits {
        let seeded = Source::new("README.md", format!("It says {habit}."));
        assert_eq!(
            found(&seeded, &habits).len(),
            1,
            "{habit} would not be found"
        );
    }
    let sources = ENDINGS.iter().flat_map(|ending| files(ending));
    let others = sources.filter(|source| source.path != LISTED);
    let all: Vec<String> = others.flat_map(|source| found(&source, &habits)).collect();
    assert!(all.is_empty(), "{} habits\n{}", all.len(), all.join("\n"));
}
