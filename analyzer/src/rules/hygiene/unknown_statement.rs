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
        format!(
            "{}. If PostgreSQL accepts it, write above it: `-- onward: allow unknown-statement because \
             \"<why it is safe>\"`",
            correction(context)
        ),
    );
    Some((context.clause.span.clone(), message))
}

/// What a line can begin with only if it begins a statement.
const BEGINNINGS: [&str; 8] = [
    "ALTER", "COMMENT", "CREATE", "DELETE", "DROP", "GRANT", "INSERT", "REVOKE",
];

/// A statement that begins inside of another one is where a semicolon is missing.
fn correction(context: &Context<'_>) -> &'static str {
    let (whole, place) = (&context.statement.span, &context.clause.span);
    let before = context.text(&(whole.start..place.start.max(whole.start)));
    let begins_line = before.trim_end_matches([' ', '\t']).ends_with('\n');
    let word = context.text(place);
    match begins_line && BEGINNINGS.iter().any(|one| one.eq_ignore_ascii_case(word)) {
        true => "end the statement before it with a semicolon",
        false => "correct the statement",
    }
}

fn uncapitalized(problem: &str) -> String {
    let mut chars = problem.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}
