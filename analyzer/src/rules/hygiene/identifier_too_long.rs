//! Names that PostgreSQL cuts off.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, Severity};

pub(super) static RULE: Rule = Rule {
    id: "identifier-too-long",
    summary: "a name of more than 63 bytes, of which PostgreSQL keeps the first 63",
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
        format!("this name has {bytes} bytes, and PostgreSQL keeps the first 63"),
        "the server cuts it off with no more than a notice: two long names can become the same one, and \
         nobody finds the name that is written here in the catalogue",
        "shorten it to 63 bytes",
    );
    Some((span, message))
}
