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
        Misplaced::OutsideData(verb, category) => Message::new(
            format!("`{verb}` has no effect in a {} migration", category.word()),
            match *verb {
                "batch" => "only data migrations run in batches",
                _ => "it is for data migrations, which run beside the service",
            },
            "remove the directive, or rename the file to a data migration: `DM001_<title>.sql`",
        ),
        Misplaced::Requires(version) => Message::new(
            format!("this module has no data migration {version}"),
            "this migration would never be applied",
            "name a data migration of this module",
        ),
        Misplaced::RequiresInSeed(version) => Message::new(
            format!("a seed cannot require {version}"),
            "seeds run again after every edit, with the startup migrations",
            format!(
                "write `-- onward: requires {version}` in a startup migration: it and the seeds behind it wait until \
                 {version} has finished"
            ),
        ),
        Misplaced::RequiresLater { own, required } => Message::new(
            format!("{own} requires {required}, which runs after it"),
            "data migrations run in the order of their numbers, so this one would never start",
            format!(
                "remove the directive, or give this file a number behind {}",
                required.number
            ),
        ),
        Misplaced::Replaces => Message::new(
            "`replaces` has no effect in this file",
            "only the first startup migration can stand for those that `onward squash` has put together",
            "leave the line in the file where `onward squash` has written it",
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
        Misplaced::Twice(verb) => Message::new(
            format!("`{verb}` stands twice in this file"),
            "only the first one counts",
            "remove one of them",
        ),
        Misplaced::Contradiction { verb, other } => contradiction(verb, other),
        Misplaced::RustWithStatements => Message::new(
            "a file with `in rust` has statements",
            "code of the service does the work of the file, and the statements would never run",
            "remove the directive and let the statements run, or delete the statements",
        ),
        Misplaced::SkipWithoutRanges => Message::new(
            "`skip` has no effect without `batch <rows> by <column>`",
            "rows can be left out only where a key divides the table into batches: a batch that fails is divided \
             until the row is found",
            "add `-- onward: batch 1000 by <key>`, or remove the directive",
        ),
    }
}

fn contradiction(verb: &str, other: &str) -> Message {
    let why = match verb {
        "in rust" => "code of the service does the work of the file, with batches of its own",
        "background" => {
            "its statements run outside of transactions, each of them once and as a whole"
        }
        _ => "each batch is a transaction, together with the place that the migration has reached",
    };
    Message::new(
        format!("`{verb}` contradicts `{other}`"),
        why,
        "remove one of the two",
    )
}
