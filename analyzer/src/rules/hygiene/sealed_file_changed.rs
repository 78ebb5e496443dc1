//! Files that are sealed in `onward.lock`.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::lock_file::Unlocked;
use crate::intake::problem::Fact;

pub(super) static RULE: Rule = Rule {
    id: "sealed-file-changed",
    summary: "a file that is sealed in onward.lock was edited, renamed or deleted, or a new one stands before it",
    page: include_str!("sealed_file_changed.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

const WHY: &str = "sealed files are applied in databases that compare their checksums: a start of this version would refuse there";

fn message(fact: &Fact) -> Option<Message> {
    let Fact::Unlocked(unlocked) = fact else {
        return None;
    };
    match unlocked {
        Unlocked::SealedEdited { name } => Some(Message::new(
            format!("{name} is sealed in onward.lock, and its text was edited"),
            WHY,
            format!("restore the text of {name}, and write the change as a new migration"),
        )),
        Unlocked::SealedMissing { name, now: None } => Some(Message::new(
            format!("{name} is sealed in onward.lock, and the file is not in the folder"),
            WHY,
            format!("restore {name} from version control"),
        )),
        Unlocked::SealedMissing {
            name,
            now: Some(now),
        } => Some(Message::new(
            format!("{name} is sealed in onward.lock, and the file is called {now} here"),
            WHY,
            format!("rename {now} to {name}"),
        )),
        Unlocked::BeforeSealed { name, sealed } => Some(Message::new(
            format!("{name} is new, and stands before {sealed}, which is sealed in onward.lock"),
            "databases that have the sealed files refuse one that comes out of order",
            format!("give {name} a number after {sealed}"),
        )),
        Unlocked::Extra { .. } | Unlocked::Missing { .. } | Unlocked::Damaged { .. } => None,
    }
}
