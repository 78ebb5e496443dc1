//! `onward explain`.

use std::io::Write;

use clap::Args;
use onward_analyzer::{find_rules, guess_rule};
use serde::Serialize;

use crate::commands::rules::RuleJson;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, write_json};

/// Print the page of a rule: what it finds, why that is a problem, and the safe way
///
/// Knows the names that other linters give to a rule: `onward explain ban-drop-column`.
///
/// Exit status: 0 when the rule exists, 2 when it does not.
#[derive(Clone, Debug, Args)]
pub(crate) struct Explain {
    /// Id of the rule, such as drop-column, or its name in another linter.
    rule: String,
    /// Output format; `json` is one object with a list of rules, each with its page.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Keys are only ever added.
#[derive(Serialize)]
struct Pages {
    format_version: u8,
    rules: Vec<Page>,
}

#[derive(Serialize)]
struct Page {
    #[serde(flatten)]
    rule: RuleJson,
    page: &'static str,
}

/// Prints the page of a rule, or the pages of all rules that share this name of another linter.
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
    match command.format {
        Format::Text => {
            if ids != [name] {
                writeln!(out, "`{name}` is `{}` here.\n", ids.join("` and `"))?;
            }
            let pages: Vec<&str> = rules.iter().map(|rule| rule.page.trim_end()).collect();
            writeln!(out, "{}", pages.join("\n\n"))?;
        }
        Format::Json => {
            let rules = rules.iter().map(|rule| Page {
                rule: RuleJson::new(rule),
                page: rule.page,
            });
            let rules = rules.collect();
            let format_version = FORMAT_VERSION;
            write_json(
                out,
                &Pages {
                    format_version,
                    rules,
                },
            )?;
        }
    }
    Ok(Outcome::Good)
}
