//! Ways back that nobody would go.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "down-migration",
    summary: "a file, or a section of one, that would take a migration back",
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
            "this starts a section that takes the migration back",
            "migrations only go forward, and nothing reads such marks: the statements below it would run \
             right behind those above",
            "remove the section; to take a change back, write a new migration",
        )),
        _ => None,
    }
}
