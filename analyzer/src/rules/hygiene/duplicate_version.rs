//! Two files with one version.

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
        format!("two files have version {version}: `{first}` and `{second}`"),
        "a version identifies a migration. Which of the two files runs first would depend on the machine, and the \
         other one would never run",
        match free {
            Some(free) => {
                format!("rename the file that was never applied, for example to `{free}`")
            }
            None => version.category.when_full().to_owned(),
        },
    ))
}
