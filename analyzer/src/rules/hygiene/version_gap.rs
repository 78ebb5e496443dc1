//! Missing versions.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "version-gap",
    summary: "a version is missing between two versions of a category",
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
        format!("version {missing} is missing between {before} and {after}"),
        "a file that fills the gap after a later version was applied is out of order: the runner refuses it",
        "number the files without gaps, or merge the branch with the missing version first",
    ))
}
