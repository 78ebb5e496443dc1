//! Locks that are taken by hand.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::effect::Blocks;
use crate::finding::{Message, Severity};
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "lock-table",
    summary: "LOCK TABLE in SHARE or a stronger mode",
    page: include_str!("lock_table.md"),
    aliases: &["explicit-lock-table"],
    group: Group::Locks,
    levels: Levels::all(Severity::Deny),
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Lock { table, mode } = context.change() else {
        return None;
    };
    let waits = match mode.blocks() {
        Blocks::ReadsAndWrites => "every SELECT, INSERT, UPDATE and DELETE waits",
        Blocks::Writes => "every INSERT, UPDATE and DELETE waits",
        Blocks::Ddl | Blocks::Nothing => return None,
    };
    if !context.is_old_table(table) {
        return None;
    }
    let message = Message::new(
        format!("this locks {table} in {mode} mode"),
        format!("{waits} until the migration is over, also while it waits for something else"),
        "leave it out: each statement takes the lock that it needs, and Onward itself runs only one \
         migration of a schema at a time",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
