//! Statements that need a file of their own.

use crate::effect::{Mode, mode};
use crate::finding::{Message, Severity};
use crate::rule::{Check, Group, Levels, Rule, Runs};
use crate::scope::Scope;
use crate::statement::Statement;

pub(super) static RULE: Rule = Rule {
    id: "shares-file-outside-transaction",
    summary: "a statement that cannot run in a transaction shares its file with others",
    page: include_str!("shares_file_outside_transaction.md"),
    aliases: &[
        "concurrently-in-transaction",
        "PG103",
        "statement-not-in-transaction",
    ],
    group: Group::Locks,
    levels: Levels::all(Severity::Forbid),
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let is_first = scope.is_first();
    let outside = |statement: &Statement| mode(&statement.clauses) != Mode::Inside;
    if scope.runs == Runs::InBlock && is_first && outside(scope.statement) {
        return Some(Message::new(
            "this statement cannot run in a transaction, and a DO block runs in one",
            "PostgreSQL refuses it there with 25001",
            "move it out of the block, into a file of its own",
        ));
    }
    // A directive for several statements is told by a rule of its own.
    let shares = scope.statements.iter().any(|other| !outside(other));
    if !shares || !is_first || !outside(scope.statement) {
        return None;
    }
    Some(Message::new(
        "this statement cannot run in a transaction, and its file holds some that do",
        "PostgreSQL refuses it inside a transaction block (25001), and outside of one a failure \
         would leave the others applied without it",
        "move it into a file of its own, alone or with others of its kind",
    ))
}
