//! The pages of the guide: their blocks, and what a command prints compared with the page that shows it.
//!
//! A transcript, and a text that a command prints, is compared by the test that makes it: with [`shows`], [`resembles`],
//! [`steps`] or [`block`], whose page and first words are literals. `guide::taken` finds these calls in the tests.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::transcript::shape;

/// A command of a page, and the lines below it.
pub(crate) struct Step {
    pub(crate) command: String,
    pub(crate) printed: String,
}

/// A page as text and steps in turn.
pub(crate) enum Part<'a> {
    Text(&'a str),
    Step(Step),
}

/// A block between fences.
pub(crate) struct Block {
    /// Where it begins: the page below docs/, and the line.
    pub(crate) place: String,
    pub(crate) language: String,
    pub(crate) text: String,
    /// The file that the line before the block names, such as `shop/001_orders.sql`.
    pub(crate) file: Option<String>,
}

/// Where a page is, by its path below docs/.
pub(crate) fn path(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(page)
}

pub(crate) fn read(page: &str) -> io::Result<String> {
    fs::read_to_string(path(page))
}

/// Transcripts are indented by four blanks; a line in one that does not begin with `$` belongs to the command above it.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix("    $ ") else {
            parts.push(Part::Text(line));
            continue;
        };
        let mut printed = String::new();
        loop {
            let is_output = |line: &&str| line.starts_with("    ") && !line.starts_with("    $ ");
            let mut ahead = lines.clone();
            let blank = ahead.next_if(|line| line.is_empty());
            let Some(line) = ahead.next_if(is_output) else {
                break;
            };
            if blank.is_some() {
                printed.push('\n');
            }
            printed.push_str(&line[4..]);
            printed.push('\n');
            lines = ahead;
        }
        let command = command.to_owned();
        parts.push(Part::Step(Step { command, printed }));
    }
    parts
}

/// All transcripts of a page, for a test that compares each of them.
pub(crate) fn steps(page: &str) -> io::Result<Vec<Step>> {
    let text = read(page)?;
    let steps = parts(&text).into_iter().filter_map(|part| match part {
        Part::Step(step) => Some(step),
        Part::Text(_) => None,
    });
    Ok(steps.collect())
}

/// The blocks between fences, also in a list.
pub(crate) fn blocks(page: &str) -> io::Result<Vec<Block>> {
    let text = read(page)?;
    let (mut blocks, mut above) = (Vec::new(), "");
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else {
            above = if line.is_empty() { above } else { line };
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let inside = lines.by_ref().map(|(_, line)| line);
        let inside = inside.take_while(|line| line.trim_start() != "```");
        let text = inside.flat_map(|line| [line.get(indent..).unwrap_or(""), "\n"]);
        let names = above.split('`').skip(1).step_by(2);
        let is_file = |name: &&str| {
            name.contains('/') && !name.contains(' ') && name.ends_with(".sql")
                || name.ends_with("/onward.toml")
        };
        blocks.push(Block {
            place: format!("{page}:{}", number + 1),
            language: language.to_owned(),
            text: text.collect(),
            file: names.filter(is_file).last().map(str::to_owned),
        });
        above = "";
    }
    Ok(blocks)
}

/// The text of the block, or the output of the command, that begins with these words.
pub(crate) fn block(page: &str, start: &str) -> String {
    below(page, start).into_iter().next().unwrap_or_default()
}

/// The page shows what was printed, to the letter.
#[track_caller]
pub(crate) fn shows(page: &str, start: &str, printed: &str) {
    compare(page, start, printed, str::to_owned);
}

/// The page shows what was printed, but for numbers, times, digests and the width of columns.
#[track_caller]
pub(crate) fn resembles(page: &str, start: &str, printed: &str) {
    compare(page, start, printed, shape);
}

#[track_caller]
fn compare(page: &str, start: &str, printed: &str, form: impl Fn(&str) -> String) {
    let shown = below(page, start);
    let is_shown = { shown.iter() }.any(|text| form(text).trim_end() == form(printed).trim_end());
    assert!(
        is_shown,
        "docs/{page} has below `{start}`:\n{}\ninstead of\n{printed}",
        shown.join("\nor\n")
    );
}

/// What stands below the commands that begin so, and the blocks that begin so.
fn below(page: &str, start: &str) -> Vec<String> {
    let steps = steps(page).unwrap_or_default().into_iter();
    let steps = steps.filter(|step| step.command.starts_with(start));
    let blocks = blocks(page).unwrap_or_default().into_iter();
    let blocks = blocks.filter(|block| block.text.starts_with(start));
    steps
        .map(|step| step.printed)
        .chain(blocks.map(|block| block.text))
        .collect()
}
