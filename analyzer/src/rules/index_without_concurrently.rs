//! Building an index with writers waiting.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::{Change, CreateIndex, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "index-without-concurrently",
    summary: "an index is built without CONCURRENTLY on a table that is in use",
    page: include_str!("index_without_concurrently.md"),
    aliases: &[
        "require-concurrent-index-creation",
        "PG101",
        "E6",
        "add_index",
        "CREATE_INDEX",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::CreateIndex(create) = scope.change() else {
        return None;
    };
    let CreateIndex {
        index,
        table,
        table_span,
        concurrently: false,
        unique,
        ..
    } = &**create
    else {
        return None;
    };
    if scope.is_new_table(table) || scope.is_new(ObjectKind::MaterializedView, table, None) {
        return None;
    }
    let name = index.as_ref().map_or("<name>", |(name, _)| name);
    let rest = scope.sql_from(table_span.end);
    let unique = if *unique { "UNIQUE " } else { "" };
    let message = Message::new(
        format!("this builds an index on {table} without CONCURRENTLY"),
        "CREATE INDEX takes SHARE on the table: every INSERT, UPDATE and DELETE waits until the index \
         is built",
        format!(
            "in a file of its own: `CREATE {unique}INDEX CONCURRENTLY {name} ON {table} {rest};`"
        ),
    );
    Some(message.with_related(scope.made(ObjectKind::Table, table, None)))
}
