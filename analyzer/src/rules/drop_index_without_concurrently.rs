//! Dropping an index with the lock of a table.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-index-without-concurrently",
    summary: "an index is dropped without CONCURRENTLY",
    page: include_str!("drop_index_without_concurrently.md"),
    aliases: &["require-concurrent-index-deletion", "PG102", "remove_index"],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::Drop {
        kind: ObjectKind::Index,
        name,
        concurrently: false,
        ..
    } = scope.change()
    else {
        return None;
    };
    if scope.is_new(ObjectKind::Index, name, None) {
        return None;
    }
    let message = Message::new(
        format!("this drops the index {name} without CONCURRENTLY"),
        "DROP INDEX takes ACCESS EXCLUSIVE on the table of the index: it waits behind every running \
         query, and every new query waits behind it",
        format!("in a file of its own: `DROP INDEX CONCURRENTLY {name};`"),
    );
    Some(message.with_related(scope.made(ObjectKind::Index, name, None)))
}
