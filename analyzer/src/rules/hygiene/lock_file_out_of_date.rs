//! Files that `onward.lock` does not have, or has too many.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::lock_file::Unlocked;
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "lock-file-out-of-date",
    summary: "onward.lock lacks a file of the folder, or has one that is not there",
    page: include_str!("lock_file_out_of_date.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Deny),
    check: Check::Reading(message),
};

const WHY: &str = "with onward.lock in version control, two branches that add a file conflict when they are merged, and not \
                   in a database; that needs all files in it";
const HELP: &str = "run `onward lock <folder>`, and commit what it writes";

fn message(fact: &Fact) -> Option<Message> {
    let Fact::Unlocked(unlocked) = fact else {
        return None;
    };
    match unlocked {
        Unlocked::Extra { name } => Some(Message::new(
            format!("{name} is not in onward.lock"),
            WHY,
            HELP,
        )),
        Unlocked::Missing { name } => Some(Message::new(
            format!("onward.lock has {name}, which is not in the folder"),
            WHY,
            format!("restore {name}; if it was never applied anywhere, {HELP}"),
        )),
        Unlocked::SealedEdited { .. }
        | Unlocked::SealedMissing { .. }
        | Unlocked::BeforeSealed { .. }
        | Unlocked::Damaged { .. } => None,
    }
}
