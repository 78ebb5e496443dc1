//! Names that PostgreSQL cuts off.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, Severity};

pub(super) static RULE: Rule = Rule {
    id: "identifier-too-long",
    summary: "a name has more than 63 bytes, and PostgreSQL keeps only the first 63",
    page: include_str!("identifier_too_long.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Deny),
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Option<SpannedMessage> {
    let span = context.statement.truncated.first()?.clone();
    let bytes = context.text(&span).trim_matches('"').len();
    let message = Message::new(
        format!("this name has {bytes} bytes, and PostgreSQL keeps only the first 63"),
        "the server cuts off the rest and reports it only in a notice. Two long names can become the same name, \
         and a search of the catalogs for the full name finds nothing",
        "shorten the name to at most 63 bytes",
    );
    Some((span, message))
}
