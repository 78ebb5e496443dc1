//! Numbers that are missing.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "version-gap",
    summary: "a hole in the numbers of a category",
    page: include_str!("version_gap.md"),
    aliases: &["file-order"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Warn),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    let Fact::VersionGap { before, after } = fact else {
        return None;
    };
    let category = after.category;
    let (first, last) = (before.number + 1, after.number - 1);
    let missing = match first == last {
        true => category.name(first),
        false => format!("{} to {}", category.name(first), category.name(last)),
    };
    Some(Message::new(
        format!("between {before} and {after} the version {missing} is missing"),
        "a file that fills the gap after a later one was applied is refused at run time as out of order",
        "number the files without gaps, or let the branch that holds the missing one land first",
    ))
}
