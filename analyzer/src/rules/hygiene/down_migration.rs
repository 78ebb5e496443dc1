//! Files and sections that undo a migration.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "down-migration",
    summary: "a file, or a section of a file, that would undo a migration",
    page: include_str!("down_migration.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    match fact {
        Fact::WrongName { name, wrong } if wrong.goes_back => Some(wrong.message(name)),
        Fact::DownSection => Some(Message::new(
            "this comment starts a section that undoes the migration",
            "migrations only go forward, and Onward does not read such marks: the statements below the comment \
             would run directly after those above it",
            "remove the section. To undo a change, write a new migration",
        )),
        _ => None,
    }
}
