//! Files without statements.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "empty-file",
    summary: "a migration without a statement",
    page: include_str!("empty_file.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    let what = match fact {
        Fact::Empty { name } => format!("`{name}` is empty"),
        Fact::OnlyComments { name } => format!("`{name}` contains only comments, no statement"),
        _ => return None,
    };
    Some(Message::new(
        what,
        "the file would be recorded as applied without having done anything, and an applied file cannot be changed \
         later",
        "write the statements, or remove the file",
    ))
}
