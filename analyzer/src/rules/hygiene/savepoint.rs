//! Savepoints.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "savepoint",
    summary: "SAVEPOINT, RELEASE or ROLLBACK TO in a migration",
    page: include_str!("savepoint.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Warn),
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::TransactionControl { command } = context.change() else {
        return None;
    };
    command.is_of_savepoint().then(|| {
        Message::new(
            format!("{command} has nothing to do in a migration"),
            "a file is applied as a whole or not at all: nobody decides half way what to undo, and the \
             locks of what is undone stay until the end",
            "remove the statement",
        )
    })
}
