//! No block is left over: each has a language with a check, and each text that is printed has a test that prints it.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use super::{FOLLOWED, pages};
use crate::Outcome;
use crate::support::page::{blocks, read, steps};

/// Those that `listed` and `written` check.
const CHECKED: [&str; 7] = ["sh", "sql", "toml", "yaml", "json", "lua", "rust"];

/// The sources below a folder of the workspace, without what is built.
pub(super) fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Outcome {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("target") {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// Without blanks, and without the marks of comments.
pub(super) fn squeezed(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.trim_start();
        let comment = line
            .strip_prefix("///")
            .or_else(|| line.strip_prefix("//!"));
        comment.unwrap_or(line)
    });
    lines.flat_map(str::split_whitespace).collect()
}

/// The texts of all sources in these folders.
pub(super) fn texts(folders: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in folders {
        sources(&root.join(folder), &mut files)?;
    }
    { files.iter() }
        .map(|file| Ok(fs::read_to_string(file)?))
        .collect()
}

/// The pages and first words with which tests ask for a block; no words for a page that is compared as a whole.
fn asked() -> Result<BTreeSet<(String, String)>, Box<dyn Error>> {
    let mut asked = BTreeSet::new();
    for text in texts(&["cli/tests", "tests/tests"])? {
        for call in ["shows(", "resembles(", "block(", "steps("] {
            for rest in text.split(call).skip(1) {
                let mut quoted = rest.trim_start().splitn(5, '"');
                let (Some(""), Some(page), Some(between)) =
                    (quoted.next(), quoted.next(), quoted.next())
                else {
                    continue;
                };
                let start = match between.trim() {
                    "," => quoted.next().unwrap_or_default(),
                    _ => "",
                };
                asked.insert((page.to_owned(), start.to_owned()));
            }
        }
    }
    Ok(asked)
}

/// Whether a test asks for what begins so.
pub(super) fn is_asked(page: &str, text: &str, asked: &BTreeSet<(String, String)>) -> bool {
    let mut of_page = asked.iter().filter(|(other, _)| other == page);
    of_page.any(|(_, start)| text.starts_with(start.as_str()))
}

#[test]
fn no_block_of_a_page_is_without_a_check() -> Outcome {
    let asked = asked()?;
    let mut tests = texts(&["cli/tests", "tests/tests", "runtime/src", "cli/src"])?;
    for page in FOLLOWED {
        tests.extend(blocks(page)?.into_iter().map(|block| block.text));
    }
    let tests: Vec<_> = tests.iter().map(|text| squeezed(text)).collect();
    let is_in_a_test = |text: &str| {
        let text = squeezed(text);
        tests.iter().any(|test| test.contains(&text))
    };
    let (mut left, mut seen) = (Vec::new(), 0);
    for page in pages()? {
        let is_followed = FOLLOWED.contains(&&*page);
        for step in steps(&page)? {
            seen += 1;
            if !is_asked(&page, &step.command, &asked) {
                left.push(format!("{page}: no test compares `$ {}`", step.command));
            }
        }
        for block in blocks(&page)? {
            seen += 1;
            let is_checked = is_followed
                || CHECKED.contains(&&*block.language)
                || is_asked(&page, &block.text, &asked)
                || block.language == "text" && is_in_a_test(&block.text);
            if !is_checked {
                let Some(first) = block.text.lines().next() else {
                    continue;
                };
                left.push(format!("{}: no check takes `{first}`", block.place));
            }
        }
        left.extend(unmarked(&page)?);
    }
    assert!(seen > 150, "{seen}");
    assert!(left.is_empty(), "{left:#?}");
    Ok(())
}

/// Blocks by indentation that are not transcripts: their language is not known, so there is no check.
fn unmarked(page: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let text = read(page)?;
    let (mut left, mut is_code, mut is_transcript, mut above) = (Vec::new(), false, false, "");
    for (number, line) in text.lines().enumerate() {
        is_code ^= line.trim_start().starts_with("```");
        let begins = above.is_empty() && line.starts_with("    ") && !is_code;
        is_transcript = match line {
            "" => is_transcript,
            line => line.starts_with("    $ ") || is_transcript && line.starts_with("    "),
        };
        if begins && !is_transcript && !line.trim_start().starts_with("```") {
            left.push(format!("{page}:{}: a block without a language", number + 1));
        }
        above = line;
    }
    Ok(left)
}

#[test]
fn what_a_test_asks_for_is_on_the_page() -> Outcome {
    let pages = pages()?;
    for (page, start) in asked()? {
        if !pages.contains(&page) || start.is_empty() {
            continue;
        }
        let (steps, blocks) = (steps(&page)?, blocks(&page)?);
        let mut texts = { steps.iter().map(|step| &step.command) }
            .chain(blocks.iter().map(|block| &block.text));
        let is_there = texts.any(|text| text.starts_with(&start));
        assert!(is_there, "{page} has nothing that begins with `{start}`");
    }
    Ok(())
}
