//! Declarations of objects of other schemas that have no effect.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::{Fact, Unneeded};

pub(super) static RULE: Rule = Rule {
    id: "unneeded-external",
    summary: "an object of another schema is declared, and no statement uses it",
    page: include_str!("unneeded_external.md"),
    aliases: &[],
    group: Group::Isolation,
    levels: Levels::all(Severity::Warn),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    let Fact::Unneeded(unneeded) = fact else {
        return None;
    };
    Some(match unneeded {
        Unneeded::Twice(name) => Message::new(
            format!("{name} is declared already"),
            "a second declaration allows nothing more, and the two can contradict each other",
            "remove one of them; a line of onward.toml counts for all files of the module",
        ),
        Unneeded::Unused { name, meant } => Message::new(
            format!("{name} is declared, and no statement uses it"),
            "the declaration couples the module to another one: `onward::modules!` asks for the object, and a start runs \
             the other module first",
            match meant {
                Some(meant) => format!("did you mean `{meant}`? If not, remove the declaration"),
                None => "remove the declaration".to_owned(),
            },
        ),
    })
}
