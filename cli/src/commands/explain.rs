//! `onward explain`.

use std::io::Write;

use clap::Args;
use onward_analyzer::{find_rules, guess_rule};

use crate::outcome::{CouldNotRun, Outcome};

#[derive(Clone, Debug, Args)]
pub(crate) struct Explain {
    /// Its name, or what another linter calls it.
    rule: String,
}

/// Prints the page of a rule, or of all that another linter calls by this name.
pub(crate) fn run(command: &Explain, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let name = command.rule.as_str();
    let rules = find_rules(name);
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
    if ids.is_empty() {
        return Err(CouldNotRun::NoSuchRule {
            name: name.to_owned(),
            guess: guess_rule(name),
        });
    }
    if ids != [name] {
        writeln!(out, "`{name}` is `{}` here.\n", ids.join("` and `"))?;
    }
    let pages: Vec<&str> = rules.iter().map(|rule| rule.page.trim_end()).collect();
    writeln!(out, "{}", pages.join("\n\n"))?;
    Ok(Outcome::Good)
}
