//! File names that belong to no category.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "file-name",
    summary: "a file name that is not a version and a title",
    page: include_str!("file_name.md"),
    aliases: &["file-order"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    match fact {
        Fact::WrongName { name, wrong } if !wrong.goes_back => Some(wrong.message(name)),
        _ => None,
    }
}
