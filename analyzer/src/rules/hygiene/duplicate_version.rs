//! Two files, one number.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "duplicate-version",
    summary: "two files with the same version",
    page: include_str!("duplicate_version.md"),
    aliases: &["file-order"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    let Fact::DuplicateVersion {
        version,
        first,
        second,
        free,
    } = fact
    else {
        return None;
    };
    Some(Message::new(
        format!("version {version} stands twice: `{first}` and `{second}`"),
        "a version is the identity of a migration; which of the two ran first would depend on the machine",
        format!("rename the one that was never applied, for example to `{free}`"),
    ))
}
