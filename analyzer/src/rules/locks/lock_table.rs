//! Locks that a migration takes with `LOCK TABLE`.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::effect::Blocks;
use crate::finding::{Message, Severity};
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "lock-table",
    summary: "LOCK TABLE in SHARE or a stronger mode, which blocks writes or all access to the table",
    page: include_str!("lock_table.md"),
    aliases: &["explicit-lock-table"],
    group: Group::Locks,
    levels: Levels::all(Severity::Deny),
    check: Check::Of(&[Subject::Lock], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Lock { table, mode } = context.change() else {
        return None;
    };
    let waits = match mode.blocks() {
        Blocks::ReadsAndWrites => "SELECT, INSERT, UPDATE and DELETE are blocked",
        Blocks::Writes => "INSERT, UPDATE and DELETE are blocked",
        Blocks::Ddl | Blocks::Nothing => return None,
    };
    if !context.is_old_table(table) {
        return None;
    }
    let message = Message::new(
        format!("locks {table} in {mode} mode"),
        format!(
            "{waits} until the migration ends, even while the migration itself waits for another lock"
        ),
        "remove the LOCK TABLE: each statement takes the lock that it needs, and Onward runs only one \
         migration of a schema at a time",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
