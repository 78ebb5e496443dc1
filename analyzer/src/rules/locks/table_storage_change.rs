//! Moving a table to other files.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, ObjectKind, Persistence, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "table-storage-change",
    summary: "SET LOGGED, UNLOGGED, TABLESPACE or ACCESS METHOD of a table in use",
    page: include_str!("table_storage_change.md"),
    aliases: &["set-logged-unlogged", "set-access-method", "set-tablespace"],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterTable { table, action, .. } = context.change() else {
        return None;
    };
    let now = context
        .schema
        .relation(table)
        .map(|relation| relation.persistence);
    let what = match action {
        // Measured: a table that is what it shall be is not written again.
        TableAction::SetLogged if now == Some(Persistence::Permanent) => return None,
        TableAction::SetUnlogged if now == Some(Persistence::Unlogged) => return None,
        TableAction::SetLogged => "SET LOGGED",
        TableAction::SetUnlogged => "SET UNLOGGED",
        TableAction::SetTablespace(_) => "SET TABLESPACE",
        TableAction::SetAccessMethod(_) => "SET ACCESS METHOD",
        _ => return None,
    };
    let is_new = context.is_new(ObjectKind::MaterializedView, table, None)
        || context.is_new(ObjectKind::Index, table, None);
    if is_new || !context.is_old_table(table) {
        return None;
    }
    let message = Message::new(
        format!("{what} copies {table} as a whole"),
        format!(
            "{what} takes ACCESS EXCLUSIVE on {table} and keeps it while all of it is copied: neither \
             reads nor writes go through"
        ),
        "make a new table that is as this one shall be, write to both, move the old rows over in a data \
         migration, and change the names in a release migration",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
