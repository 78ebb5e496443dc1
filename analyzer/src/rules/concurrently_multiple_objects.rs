//! Several indexes dropped by one statement.

use crate::finding::{Message, Severity};
use crate::rule::{Check, Group, Levels, Rule};
use crate::scope::Scope;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "concurrently-multiple-objects",
    summary: "DROP INDEX CONCURRENTLY with more than one index",
    page: include_str!("concurrently_multiple_objects.md"),
    aliases: &[],
    group: Group::Locks,
    levels: Levels::all(Severity::Forbid),
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::Drop {
        kind: ObjectKind::Index,
        concurrently: true,
        ..
    } = scope.change()
    else {
        return None;
    };
    let is_second = scope.statement.clauses.get(1) == Some(scope.clause);
    is_second.then(|| {
        Message::new(
            "DROP INDEX CONCURRENTLY takes one index at a time",
            "PostgreSQL refuses a list with 0A000",
            "write one file for each index",
        )
    })
}
