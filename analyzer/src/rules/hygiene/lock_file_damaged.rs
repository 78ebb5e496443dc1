//! An `onward.lock` that `onward lock` has not written so.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::lock_file::Unlocked;
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "lock-file-damaged",
    summary: "onward.lock was edited or merged by hand",
    page: include_str!("lock_file_damaged.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    let Fact::Unlocked(Unlocked::Damaged { line }) = fact else {
        return None;
    };
    Some(Message::new(
        format!("line {line} of onward.lock does not follow from the lines before it"),
        "each line holds a digest over all lines before it, so it was edited or merged by hand, and what it seals cannot \
         be trusted",
        "take the file as one of the branches has it, for example `git checkout --theirs onward.lock`, then run `onward \
         lock <folder>`, and commit what it writes",
    ))
}
