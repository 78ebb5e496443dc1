//! Every command and every block of the README, the guide and the pages in it has a check.
//!
//! | block | check |
//! | --- | --- |
//! | a transcript, `text` | a test prints it and compares it: `taken`. Or it stands in a source of a test |
//! | `sh` | is run: `listed` |
//! | `sql`, `toml`, `yaml`, `json`, `lua` | is read by what reads it: `written` |
//! | `rust` | stands in a source that is compiled: `written` |
//!
//! `.ci/readme` follows README.md and the first chapter to the letter, so what it does is not done again here.

mod commands;
mod listed;
mod taken;
mod written;

use std::error::Error;
use std::fs;
use std::path::Path;

use crate::support::page::{Block, blocks};

/// What `.ci/readme` follows.
const FOLLOWED: [&str; 2] = ["../README.md", "guide/getting-started.md"];

/// The pages of the guide, without those of the rules, which are tests of their own; by their paths below docs/.
fn pages() -> Result<Vec<String>, Box<dyn Error>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let mut pages = vec!["../README.md".to_owned()];
    for folder in ["", "guide/"] {
        for entry in fs::read_dir(docs.join(folder))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") {
                pages.push([folder, &name].concat());
            }
        }
    }
    let summary = fs::read_to_string(docs.join("guide/SUMMARY.md"))?;
    let outside = { summary.split("](../../").skip(1) }.filter_map(|rest| rest.split_once(')'));
    pages.extend(outside.map(|(page, _)| format!("../{page}")));
    pages.sort();
    Ok(pages)
}

/// The blocks in one of these languages that `.ci/readme` does not follow.
fn blocks_in(languages: &[&str]) -> Result<Vec<Block>, Box<dyn Error>> {
    let mut found = Vec::new();
    for page in pages()? {
        if !FOLLOWED.contains(&&*page) {
            let blocks = blocks(&page)?.into_iter();
            found.extend(blocks.filter(|block| languages.contains(&&*block.language)));
        }
    }
    Ok(found)
}
