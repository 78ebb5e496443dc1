//! Every command that the README, the guide and the pages print is one that the program takes.

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::pages;
use crate::Outcome;
use crate::support::page::read;

/// The commands of a page, with what a reader fills in as `1`.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.lines().filter_map(|line| {
        let line = line.trim_start().trim_start_matches("$ ");
        line.starts_with("onward ").then_some(line)
    });
    let inline = page.split('`').skip(1).step_by(2);
    let inline = inline.filter(|code| code.starts_with("onward ") && !code.contains('\n'));
    let commands = blocks.chain(inline).map(|command| {
        let command = command.split("  #").next().unwrap_or_default();
        let command = command.split(['|', '>', '&']).next().unwrap_or_default();
        filled(command)
            .trim_end_matches(['\\', '.', ' '])
            .to_owned()
    });
    // In Cargo.toml the crate has the same name.
    commands
        .filter(|command| !command.starts_with("onward ="))
        .collect()
}

/// `<folder>` is `1`, and `<folder>...` too.
fn filled(command: &str) -> String {
    let mut filled = String::new();
    let mut rest = command;
    while let Some((before, after)) = rest.split_once('<') {
        filled.extend([before, "1"]);
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    filled.push_str(rest);
    filled.replace("...", "").replace('…', "")
}

fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in command.chars() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            (' ', None) => words.push(String::new()),
            _ => words.last_mut().expect("there is one").push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_that_a_page_prints_is_taken() -> Outcome {
    let mut all = pages()?;
    all.push("../CONTRIBUTING.md".to_owned());
    let mut wrong = Vec::new();
    let mut seen = 0;
    for page in all {
        for command in commands(&read(&page)?) {
            seen += 1;
            let Err(error) = onward_cli::Args::try_parse_from(words(&command)) else {
                continue;
            };
            // In a sentence a command stands without its arguments, and an option without its value.
            let value = error.get(ContextKind::InvalidValue);
            let is_without = matches!(value, Some(ContextValue::String(value)) if value.is_empty());
            let is_short = is_without
                || matches!(
                    error.kind(),
                    ErrorKind::MissingRequiredArgument
                        | ErrorKind::MissingSubcommand
                        | ErrorKind::DisplayHelp
                        | ErrorKind::DisplayVersion
                        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                );
            if !is_short {
                wrong.push(format!("{page}: {command}: {}", error.kind()));
            }
        }
    }
    assert!(seen > 150, "{seen}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}
