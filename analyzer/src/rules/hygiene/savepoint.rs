//! Savepoints.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "savepoint",
    summary: "a migration contains SAVEPOINT, RELEASE or ROLLBACK TO",
    page: include_str!("savepoint.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Warn),
    check: Check::Of(&[Subject::TransactionControl], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::TransactionControl { command } = context.change() else {
        return None;
    };
    command.is_of_savepoint().then(|| {
        Message::new(
            format!("{command} has no use in a migration"),
            "a file is applied as a whole or not at all, so no code decides in the middle what to undo. The locks of \
             undone statements stay until the transaction ends",
            "remove the statement",
        )
    })
}
