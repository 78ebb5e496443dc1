//! `onward explain` and `onward rules`.

use std::io::Write;

use onward_analyzer::rule::Rule;
use onward_analyzer::{RULES, Severity, find_rules, guess_rule};
use serde::Serialize;

use crate::args::{Explain, Format, Rules};
use crate::{CouldNotRun, Outcome};

/// A name that no rule has, here or elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("there is no rule `{name}`; {}", cure(.guess))]
pub(crate) struct NoSuchRule {
    name: String,
    guess: Option<&'static str>,
}

fn cure(guess: &Option<&'static str>) -> String {
    guess.map_or_else(
        || "`onward rules` lists them".to_owned(),
        |guess| format!("did you mean `{guess}`?"),
    )
}

/// Prints the page of a rule, or of all that another linter calls by this name.
pub(crate) fn explain(command: &Explain, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let name = command.rule.as_str();
    let rules = find_rules(name);
    let ids: Vec<&str> = rules.iter().map(|rule| rule.id).collect();
    if ids.is_empty() {
        let name = name.to_owned();
        let guess = guess_rule(&name);
        return Err(NoSuchRule { name, guess }.into());
    }
    if ids != [name] {
        writeln!(out, "`{name}` is `{}` here.\n", ids.join("` and `"))?;
    }
    let pages: Vec<&str> = rules.iter().map(|rule| rule.page.trim_end()).collect();
    writeln!(out, "{}", pages.join("\n\n"))?;
    Ok(Outcome::Good)
}

/// One rule. Keys are only ever added.
#[derive(Serialize)]
struct RuleJson {
    id: &'static str,
    group: &'static str,
    summary: &'static str,
    severities: Severities,
    aliases: &'static [&'static str],
}

/// `null` where the rule is not asked.
#[derive(Serialize)]
struct Severities {
    startup: Option<&'static str>,
    release: Option<&'static str>,
    seed: Option<&'static str>,
    data: Option<&'static str>,
}

impl RuleJson {
    fn new(rule: &'static Rule) -> Self {
        let levels = &rule.levels;
        Self {
            id: rule.id,
            group: rule.group.word(),
            summary: rule.summary,
            severities: Severities {
                startup: levels.startup.map(Severity::word),
                release: levels.release.map(Severity::word),
                seed: levels.seed.map(Severity::word),
                data: levels.data.map(Severity::word),
            },
            aliases: rule.aliases,
        }
    }
}

/// Lists all rules.
pub(crate) fn list(command: &Rules, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    match command.format {
        Format::Json => {
            let rules: Vec<_> = RULES.iter().map(|rule| RuleJson::new(rule)).collect();
            writeln!(out, "{:#}", serde_json::json!(rules))?;
        }
        Format::Text => {
            let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
            for rule in RULES {
                writeln!(out, "{:width$}  {}", rule.id, rule.summary)?;
            }
        }
    }
    Ok(Outcome::Good)
}
