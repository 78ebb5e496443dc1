//! Changes that copy a table into new files on disk.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ObjectKind, Persistence, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "table-storage-change",
    summary: "SET LOGGED, UNLOGGED, TABLESPACE or ACCESS METHOD on a table in use, which copies the \
              table",
    page: include_str!("table_storage_change.md"),
    aliases: &["set-logged-unlogged", "set-access-method", "set-tablespace"],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AlterTable], &Check::Clause(check)),
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
        // Measured: PostgreSQL does not copy a table that has the requested state already.
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
        format!("{what} copies all of {table} under ACCESS EXCLUSIVE"),
        format!(
            "{what} keeps the lock on {table} until the copy is finished: reads and writes are blocked \
             until then"
        ),
        "create a new table with the setting, write to both tables, copy the existing rows in a data \
         migration, and rename the tables in a release migration",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
