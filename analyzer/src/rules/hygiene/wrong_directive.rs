//! Comments that ask for something nobody knows.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::{Fact, Misplaced};

pub(super) static RULE: Rule = Rule {
    id: "wrong-directive",
    summary: "an `-- onward:` comment that is no directive, or stands where it means nothing",
    page: include_str!("wrong_directive.md"),
    aliases: &["unused-suppression"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Reading(message),
};

fn message(fact: &Fact) -> Option<Message> {
    match fact {
        Fact::Directive(wrong) => Some(Message::new(
            &wrong.what,
            "what nobody reads would look as if it worked",
            &wrong.help,
        )),
        Fact::Misplaced(misplaced) => Some(of_misplaced(misplaced)),
        _ => None,
    }
}

fn of_misplaced(misplaced: &Misplaced) -> Message {
    match misplaced {
        Misplaced::Batch(category) => Message::new(
            format!("`batch` means nothing in a {} migration", category.word()),
            "only data migrations run in batches",
            "remove the directive, or make the file a data migration: `DM001_<what>.sql`",
        ),
        Misplaced::Requires(version) => Message::new(
            format!("this module has no data migration {version}"),
            "the migration would wait for it for ever",
            "name one of the module's own data migrations",
        ),
        Misplaced::TransactionNone => Message::new(
            "`transaction none` asks for a file with a single statement",
            "outside of a transaction a failure would leave half of the file applied",
            "move each statement that cannot run in a transaction into a file of its own",
        ),
        Misplaced::Breaks(category) => Message::new(
            format!("`breaks` means nothing in a {} migration", category.word()),
            "only a release migration, which an operator runs, may break what still serves",
            "remove the directive, or move what breaks into a release migration",
        ),
        Misplaced::BelowFirstStatement => Message::new(
            "this speaks of the whole file and stands in the middle of it",
            "it would look as if it counted from here on only",
            "move it above the first statement",
        ),
    }
}
