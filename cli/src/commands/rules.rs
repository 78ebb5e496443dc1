//! `onward rules`.

use std::io::Write;

use clap::Args;
use onward_analyzer::rule::Rule;
use onward_analyzer::{RULES, Severity};
use serde::Serialize;

use crate::outcome::{CouldNotRun, Outcome};
use crate::output::Format;

#[derive(Clone, Debug, Args)]
pub(crate) struct Rules {
    /// For whom the answer is; `json` is one list.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
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
pub(crate) fn run(command: &Rules, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
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
