//! Columns that the serving release still reads.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-column",
    summary: "a column is dropped while the release that serves may still read it",
    page: include_str!("drop_column.md"),
    aliases: &["ban-drop-column", "DS103", "remove_column", "DROP_COLUMN"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::DropColumn { table, column, .. } = scope.change() else {
        return None;
    };
    if scope.is_new(ObjectKind::Column, table, Some(column)) {
        return None;
    }
    let message = Message::new(
        format!("this drops the column {table}.{column}"),
        "DROP COLUMN takes ACCESS EXCLUSIVE, and every SELECT and INSERT of the serving release that \
         names the column fails with 42703",
        scope.to_release(&format!("drop_{}_{column}", table.name)),
    );
    Some(message.with_related(scope.made(ObjectKind::Column, table, Some(column))))
}
