//! Statements that Onward cannot read.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "unknown-statement",
    summary: "Onward cannot read a statement, so no rule can check it",
    page: include_str!("unknown_statement.md"),
    aliases: &["syntax-error"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Deny),
    check: Check::Always(&Check::Statement(check)),
};

fn check(context: &Context<'_>) -> Option<SpannedMessage> {
    let Change::Unknown { problem } = context.change() else {
        return None;
    };
    let message = Message::new(
        format!(
            "Onward cannot read this statement: {}",
            uncapitalized(problem)
        ),
        "no rule can check the statement. Most likely the server refuses it too: syntax error (42601)",
        "correct the statement. If PostgreSQL accepts it, write above it: `-- onward: allow unknown-statement \
         because \"<why it is safe>\"`",
    );
    Some((context.clause.span.clone(), message))
}

fn uncapitalized(problem: &str) -> String {
    let mut chars = problem.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}
