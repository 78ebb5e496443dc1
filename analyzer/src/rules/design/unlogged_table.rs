//! Unlogged tables, which a crash empties.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Persistence, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "unlogged-table",
    summary: "an unlogged table, which a crash empties and replicas do not have",
    page: include_str!("unlogged_table.md"),
    aliases: &[],
    group: Group::Design,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(
        &[Subject::AlterTable, Subject::CreateTable],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let table = match context.change() {
        Change::CreateTable(create) if create.persistence == Persistence::Unlogged => &create.table,
        // On an existing table the rewrite is the worse problem, and another rule reports it.
        Change::AlterTable {
            table,
            action: TableAction::SetUnlogged,
            ..
        } if context.is_new_table(table) => table,
        _ => return None,
    };
    Some(Message::new(
        format!("{table} is unlogged"),
        "a crash of the server empties the table; replicas do not have its rows, so the table is also \
         empty after a failover, and a restore from archived WAL does not bring the rows back",
        "remove UNLOGGED; if the table is a cache that can be filled again, write `-- onward: allow \
         unlogged-table because \"<what fills it again>\"`",
    ))
}
