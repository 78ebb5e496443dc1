//! What rules weigh in a module: what its settings choose, or else the rule itself.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::rule::Rule;
use crate::finding::{Message, Severity};
use crate::intake::settings::ChosenSeverity;
use crate::rules;

/// The severities that a module chooses.
#[derive(Debug, Default)]
pub(crate) struct Severities {
    chosen: BTreeMap<&'static str, Severity>,
}

impl Severities {
    /// Checks the module's `[severity]` against the rules; what is wrong there is not chosen.
    pub(crate) fn of(lines: &[ChosenSeverity]) -> (Self, Vec<(Range<usize>, Message)>) {
        let mut severities = Self::default();
        let mut wrong = Vec::new();
        for line in lines {
            match chosen(&line.rule, line.severity.as_deref()) {
                Ok((rule, severity)) => {
                    severities.chosen.insert(rule.id, severity);
                }
                Err(message) => wrong.push((line.span.clone(), message)),
            }
        }
        (severities, wrong)
    }

    /// What a rule weighs here, when it weighs `own` by itself. What is forbidden stays forbidden.
    pub(crate) fn weigh(&self, rule: &Rule, own: Severity) -> Severity {
        match self.chosen.get(rule.id) {
            Some(chosen) if own < Severity::Forbid => *chosen,
            Some(_) | None => own,
        }
    }
}

/// What a module chooses for a rule, unless the rule cannot weigh that.
fn chosen(name: &str, severity: Option<&str>) -> Result<(&'static Rule, Severity), Message> {
    let rule = rules::named(name).map_err(|unknown| unknown.message())?;
    let severity = match severity {
        Some("allow") => Severity::Allow,
        Some("warn") => Severity::Warn,
        Some("deny") => Severity::Deny,
        Some(_) | None => {
            return Err(Message::new(
                format!("`{name}` has to be `allow`, `warn` or `deny`"),
                "these are the severities that a module can choose",
                format!("write `{name} = \"warn\"`"),
            ));
        }
    };
    let own = rule.levels.each().into_iter().flatten();
    let strictest = own.filter(|own| *own < Severity::Forbid).max();
    match strictest {
        None => Err(Message::new(
            format!("`{name}` cannot be chosen"),
            "nothing excuses what it finds",
            "remove the line",
        )),
        Some(Severity::Deny) if severity < Severity::Deny && !rule.group.allows_whole_files() => {
            Err(Message::new(
                format!("`{name}` cannot be loosened for a whole module"),
                "it finds what breaks or blocks others",
                format!("excuse single statements: `-- onward: allow {name} because \"<reason>\"`"),
            ))
        }
        Some(_) => Ok((rule, severity)),
    }
}
