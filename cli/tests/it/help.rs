//! `--help`: every verb, argument and value is explained, in plain English.
//!
//! `BLESS=1 cargo test -p onward-cli --test it help` rewrites `help.txt`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, CommandFactory as _};
use onward_cli::Args;

use crate::Outcome;

/// The command, its verbs and theirs, without the `help` that clap adds.
fn commands() -> Vec<Command> {
    let mut top = Args::command();
    top.build();
    all(&top)
}

fn all(command: &Command) -> Vec<Command> {
    let verbs = command.get_subcommands();
    let verbs = verbs.filter(|verb| verb.get_name() != "help");
    [vec![command.clone()], verbs.flat_map(all).collect()].concat()
}

/// What `--help` prints.
fn help(command: &Command) -> String {
    let text = command.clone().render_long_help().to_string();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn every_help_text_is_as_it_was_reviewed() -> Outcome {
    let texts: Vec<_> = commands()
        .iter()
        .map(|command| {
            let name = command.get_bin_name().unwrap_or(command.get_name());
            format!("$ {name} --help\n{}\n", help(command).trim_end())
        })
        .collect();
    let texts = texts.join("\n");
    let golden = here("tests/it/help.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&golden, &texts)?;
    }
    let reviewed = fs::read_to_string(&golden)?;
    assert!(
        texts == reviewed,
        "cli/tests/it/help.txt differs; `cargo xtask bless` rewrites it. Now:\n{texts}"
    );
    Ok(())
}

#[test]
fn everything_has_a_help_text() {
    let found: Vec<_> = commands().iter().flat_map(unexplained).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));

    let seeded = Command::new("seeded").arg(Arg::new("folder").value_parser(["a"]));
    assert_eq!(
        unexplained(&seeded),
        [
            "seeded: no help",
            "seeded folder: no help",
            "seeded folder a: no help"
        ]
    );
}

/// What has no text: the command, an argument, or a value of one.
fn unexplained(command: &Command) -> Vec<String> {
    let name = command.get_name();
    let mut texts = vec![(name.to_owned(), command.get_about())];
    for arg in command.get_arguments() {
        let name = format!("{name} {}", arg.get_id());
        texts.push((name.clone(), arg.get_help()));
        // `true` and `false` of a flag are not values that a user types.
        if arg.get_action().takes_values() {
            let values = arg.get_value_parser().possible_values();
            let values: Vec<_> = values.into_iter().flatten().collect();
            for value in values {
                let text = value.get_help().map(ToString::to_string);
                if text.is_none_or(|text| text.trim().is_empty()) {
                    texts.push((format!("{name} {}", value.get_name()), None));
                }
            }
        }
    }
    let empty = texts
        .into_iter()
        .filter(|(_, text)| text.is_none_or(|text| text.to_string().trim().is_empty()));
    empty.map(|(name, _)| format!("{name}: no help")).collect()
}

#[test]
fn no_help_text_shows_source_or_an_old_habit() -> Outcome {
    let habits = habits()?;
    assert!(habits.len() > 15, "{habits:?}");
    let found: Vec<_> = commands()
        .iter()
        .flat_map(|command| odd(&help(command), &habits))
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));

    assert_eq!(odd("```", &habits).len(), 1);
    let seeded = format!("Every row is {}.", habits[0].to_uppercase());
    assert_eq!(odd(&seeded, &habits).len(), 1);
    assert_eq!(odd(&format!("in{}", habits[0]), &habits).len(), 0);
    Ok(())
}

/// The phrases of the table in CONTRIBUTING.md.
fn habits() -> Result<Vec<String>, Box<dyn Error>> {
    let text = fs::read_to_string(here("../CONTRIBUTING.md"))?;
    let rows = text
        .lines()
        .skip_while(|line| !line.starts_with("| habit |"));
    let rows = rows.take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let phrases = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    Ok(phrases.map(str::to_lowercase).collect())
}

/// The lines with a code fence of rustdoc, or with a phrase at the start of a word.
fn odd(text: &str, habits: &[String]) -> Vec<String> {
    // A phrase may go on in the next line.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = format!(" {}", text.to_lowercase());
    let starts_a_word = |habit: &&String| {
        text.match_indices(habit.as_str())
            .any(|(at, _)| text[..at].ends_with(|before: char| !before.is_alphanumeric()))
    };
    let mut found: Vec<String> = habits.iter().filter(starts_a_word).cloned().collect();
    found.extend(text.contains("```").then(|| "```".to_owned()));
    found
        .into_iter()
        .map(|phrase| format!("`{phrase}` in:{text}"))
        .collect()
}
