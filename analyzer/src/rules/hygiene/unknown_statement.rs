//! Statements that nothing understands.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "unknown-statement",
    summary: "a statement that cannot be read, so that no rule could judge it",
    page: include_str!("unknown_statement.md"),
    aliases: &["syntax-error"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Deny),
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Option<SpannedMessage> {
    let Change::Unknown { problem } = context.change() else {
        return None;
    };
    let message = Message::new(
        format!(
            "this statement is not understood: {}",
            uncapitalized(problem)
        ),
        "what cannot be read cannot be judged, and most likely the server cannot read it either",
        "correct it; if PostgreSQL does accept it, say so above it: `-- onward: allow \
         unknown-statement because \"<why it is safe>\"`",
    );
    Some((context.clause.span.clone(), message))
}

fn uncapitalized(problem: &str) -> String {
    let mut chars = problem.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}
