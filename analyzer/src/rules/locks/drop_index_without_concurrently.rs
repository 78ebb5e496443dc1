//! Dropping an index with the lock of a table.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::fixes::own_file;
use crate::schema::Answer;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-index-without-concurrently",
    summary: "an index of a table in use is dropped without CONCURRENTLY",
    page: include_str!("drop_index_without_concurrently.md"),
    aliases: &[
        "require-concurrent-index-deletion",
        "PG102",
        "requireConcurrentIndexDeletion",
        "remove_index",
        "drop-index-non-concurrent",
        "DropIndexCheck",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Drop {
        kind: ObjectKind::Index,
        name,
        concurrently: false,
        if_exists,
        ..
    } = context.change()
    else {
        return None;
    };
    let table = context.schema.table_of_index(name);
    let is_new = table.is_some_and(|table| !context.is_old_table(&table.name));
    // What is not there locks nothing.
    let is_gone = *if_exists && context.schema.exists(ObjectKind::Index, name, None) == Answer::No;
    if is_new || is_gone {
        return None;
    }
    let on = table.map_or_else(
        || "the table of the index".to_owned(),
        |t| t.name.to_string(),
    );
    let message = Message::new(
        format!("this drops the index {name} without CONCURRENTLY"),
        format!(
            "DROP INDEX takes ACCESS EXCLUSIVE on {on}: it waits behind every running query, and every \
             new query waits behind it"
        ),
        "",
    );
    let message = match table.is_some_and(|table| table.partition_by.is_some()) {
        true => Message {
            help: "PostgreSQL drops no index of a partitioned table with CONCURRENTLY: let an operator \
                   do it in a quiet hour, with a reason: `-- onward: allow \
                   drop-index-without-concurrently because \"...\"`"
                .to_owned(),
            ..message
        },
        false => {
            Message {
                help: "drop it in a file of its own, with CONCURRENTLY: that waits without standing in \
                       the way"
                    .to_owned(),
                ..message
            }
            .with_files(own_file::drops(context))
        }
    };
    Some(message.with_related(context.made(ObjectKind::Index, name, None)))
}
