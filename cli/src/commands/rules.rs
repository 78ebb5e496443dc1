//! `onward rules`.

use std::io::Write;

use clap::Args;
use onward_analyzer::rule::Rule;
use onward_analyzer::{RULES, Severity};
use serde::Serialize;

use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, write_json};

/// List all rules, one a line: id and summary
#[derive(Clone, Debug, Args)]
pub(crate) struct Rules {
    /// Output format; `json` is one array, which also has severities and names in other linters.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// One rule. Keys are only ever added.
#[derive(Serialize)]
pub(crate) struct RuleJson {
    id: &'static str,
    group: &'static str,
    summary: &'static str,
    severities: Severities,
    aliases: &'static [&'static str],
}

/// One for each category of migrations; `null` where the rule does not apply.
#[derive(Serialize)]
struct Severities {
    startup: Option<&'static str>,
    release: Option<&'static str>,
    seed: Option<&'static str>,
    data: Option<&'static str>,
}

impl RuleJson {
    pub(crate) fn new(rule: &'static Rule) -> Self {
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

pub(crate) fn run(command: &Rules, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    match command.format {
        Format::Json => {
            let rules: Vec<_> = RULES.iter().map(|rule| RuleJson::new(rule)).collect();
            write_json(out, &rules)?;
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
