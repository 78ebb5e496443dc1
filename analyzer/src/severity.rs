//! The severity of each rule in a module: the one that `onward.toml` sets, or else the rule's own.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::rule::Rule;
use crate::finding::{Message, Severity};
use crate::intake::settings::ChosenSeverity;
use crate::rules;

/// The severities that a module sets in its `onward.toml`.
#[derive(Debug, Default)]
pub(crate) struct Severities {
    chosen: BTreeMap<&'static str, Severity>,
}

impl Severities {
    /// Checks the lines of `[severity]` against the rules. A wrong line has no effect and is returned with
    /// its message.
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

    /// The rule's severity in this module, where `own` is its own. What is forbidden stays forbidden.
    pub(crate) fn weigh(&self, rule: &Rule, own: Severity) -> Severity {
        match self.chosen.get(rule.id) {
            Some(chosen) if own < Severity::Forbid => *chosen,
            Some(_) | None => own,
        }
    }
}

/// The rule and the severity that a line sets, or why the line is wrong.
fn chosen(name: &str, severity: Option<&str>) -> Result<(&'static Rule, Severity), Message> {
    let rule = rules::named(name).map_err(|unknown| unknown.message())?;
    let severity = match severity {
        Some("allow") => Severity::Allow,
        Some("warn") => Severity::Warn,
        Some("deny") => Severity::Deny,
        Some(_) | None => {
            return Err(Message::new(
                format!("`{name}` must be `allow`, `warn` or `deny`"),
                "these are the severities that a module can set",
                format!("write `{name} = \"warn\"`"),
            ));
        }
    };
    let own = rule.levels.each().into_iter().flatten();
    let strictest = own.filter(|own| *own < Severity::Forbid).max();
    match strictest {
        None => Err(Message::new(
            format!("the severity of `{name}` cannot be changed"),
            "the findings of this rule are always forbidden",
            "remove the line",
        )),
        Some(Severity::Deny) if severity < Severity::Deny && !rule.group.allows_whole_files() => {
            Err(Message::new(
                format!("`{name}` cannot be lowered for a whole module"),
                "the rule finds statements that break or block other sessions",
                format!("allow single statements: `-- onward: allow {name} because \"<reason>\"`"),
            ))
        }
        Some(_) => Ok((rule, severity)),
    }
}
