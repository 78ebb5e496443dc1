//! `onward:` comments that have no effect.

use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::intake::problem::{Fact, Misplaced};

pub(super) static RULE: Rule = Rule {
    id: "wrong-directive",
    summary: "an `-- onward:` comment is not a directive, or has no effect in its place",
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
            "Onward would ignore the comment, and it would look as if it worked",
            &wrong.help,
        )),
        Fact::Misplaced(misplaced) => Some(of_misplaced(misplaced)),
        _ => None,
    }
}

fn of_misplaced(misplaced: &Misplaced) -> Message {
    match misplaced {
        Misplaced::Batch(category) => Message::new(
            format!("`batch` has no effect in a {} migration", category.word()),
            "only data migrations run in batches",
            "remove the directive, or rename the file to a data migration: `DM001_<title>.sql`",
        ),
        Misplaced::Requires(version) => Message::new(
            format!("this module has no data migration {version}"),
            "this migration would never be applied",
            "name a data migration of this module",
        ),
        Misplaced::TransactionNone => Message::new(
            "a file with `transaction none` must have a single statement",
            "the file runs outside a transaction, so a failure would leave half of it applied",
            "move each statement that cannot run in a transaction into a file of its own",
        ),
        Misplaced::Breaks(category) => Message::new(
            format!("`breaks` has no effect in a {} migration", category.word()),
            "only a release migration, which an operator runs, may break the running release",
            "remove the directive, or move the breaking statements into a release migration",
        ),
        Misplaced::BelowFirstStatement => Message::new(
            "this directive is for the whole file, but stands below a statement",
            "it would look as if it applied only from here on",
            "move the directive above the first statement",
        ),
    }
}
