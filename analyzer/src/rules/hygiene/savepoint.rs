//! Savepoints.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::rules::facts::savepoint::is_of_savepoint;
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
    let Change::TransactionControl { keyword } = context.change() else {
        return None;
    };
    is_of_savepoint(keyword).then(|| {
        Message::new(
            format!("{keyword} has nothing to do in a migration"),
            "a file is applied as a whole or not at all: nobody decides half way what to undo, and the \
             locks of what is undone stay until the end",
            "remove the statement",
        )
    })
}
