//! docs/verbs.md: a session with every verb, which this runs. `BLESS=1 cargo test -p onward-cli --test it verbs` writes
//! what is printed now into the page.

use std::error::Error;
use std::fs;

use clap::{Command, CommandFactory as _};
use onward_pg::database;

use crate::Outcome;
use crate::support::page::{self, Part, parts, steps};
use crate::support::transcript::{block, shape, shown};
use crate::support::{Folder, shell};

/// Verbs whose transcript needs what a session without accidents does not have, with the page that has it. A test of
/// that page's compares it.
const ELSEWHERE: &[(&str, &str)] = &[
    // A migration that is in doubt.
    ("resolve", "operating.md"),
    // A crate.
    ("queries", "types.md"),
    // An editor.
    ("lsp", "editors.md"),
    // A column that two releases use.
    ("replace", "replace.md"),
    // A session that holds a lock.
    ("unlock --terminate", "operating.md"),
];

#[tokio::test]
async fn the_session_prints_what_its_page_has() -> Outcome {
    assert!(!steps("verbs.md")?.is_empty());
    let page = page::read("verbs.md")?;
    let folder = Folder::new(&[("migrations/shop/.keep", "")])?;
    let database = database().await?;
    let (mut now, mut differ) = (String::new(), Vec::new());
    for part in parts(&page) {
        let step = match part {
            Part::Text(line) => {
                now.push_str(&format!("{line}\n"));
                continue;
            }
            Part::Step(step) => step,
        };
        let ended = shell(&folder, &[("DATABASE_URL", database.url())], &step.command).await?;
        let printed = shown(&[&*ended.err, &*ended.out].concat());
        let is_same = shape(&step.printed) == shape(&printed);
        let text = if is_same { &step.printed } else { &printed };
        now.push_str(&format!("    $ {}\n", step.command));
        now.push_str(&block(text));
        if !is_same {
            differ.push(format!(
                "$ {}\n{}instead of\n{}",
                step.command, printed, step.printed
            ));
        }
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(page::path("verbs.md"), now)?;
        return Ok(());
    }
    assert!(
        differ.is_empty(),
        "docs/verbs.md differs:\n{}",
        differ.join("\n")
    );
    Ok(())
}

/// The names of verbs, with those below them.
fn verbs(of: &Command, before: &str) -> Vec<String> {
    let all = of
        .get_subcommands()
        .filter(|verb| verb.get_name() != "help");
    all.flat_map(|verb| {
        let name = format!("{before}{}", verb.get_name());
        match verb.has_subcommands() {
            true => verbs(verb, &format!("{name} ")),
            false => vec![name],
        }
    })
    .collect()
}

#[test]
fn every_verb_has_a_transcript() -> Result<(), Box<dyn Error>> {
    let has = |page: &str, verb: &str| -> Result<bool, Box<dyn Error>> {
        let (verb, option) = verb.split_once(" --").unwrap_or((verb, ""));
        let start = format!("onward {verb} ");
        let steps = steps(page)?;
        let mut commands = steps.iter().map(|step| step.command.as_str());
        Ok(commands.any(|line| line.starts_with(&start) && line.contains(option)))
    };
    let mut missing = Vec::new();
    for verb in verbs(&onward_cli::Args::command(), "") {
        let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == verb);
        let page = elsewhere.map_or("verbs.md", |(_, page)| page);
        if !has(page, &verb)? {
            missing.push(format!("docs/{page}: {verb}"));
        }
    }
    for (verb, page) in ELSEWHERE {
        if !has(page, verb)? {
            missing.push(format!("docs/{page}: {verb}"));
        }
    }
    assert!(missing.is_empty(), "no transcript: {missing:#?}");
    Ok(())
}
