//! Tables that a crash empties.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, Persistence, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "unlogged-table",
    summary: "a table that a crash empties and that no replica has",
    page: include_str!("unlogged_table.md"),
    aliases: &[],
    group: Group::Design,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let table = match context.change() {
        Change::CreateTable(create) if create.persistence == Persistence::Unlogged => &create.table,
        // On a table in use the rewrite is the worse problem, and has a rule of its own.
        Change::AlterTable {
            table,
            action: TableAction::SetUnlogged,
            ..
        } if context.is_new_table(table) => table,
        _ => return None,
    };
    Some(Message::new(
        format!("{table} is unlogged"),
        "after a crash of the server it is empty, a replica has no rows of it, so that it is empty after \
         a failover as well, and no backup of the log brings them back",
        "leave UNLOGGED out; if the rows are a cache that can be built again, say so: `-- onward: allow \
         unlogged-table because \"<who builds it again>\"`",
    ))
}
