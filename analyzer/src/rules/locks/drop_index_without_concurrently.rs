//! `DROP INDEX` that blocks reads and writes of the table.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::own_file;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-index-without-concurrently",
    summary: "DROP INDEX without CONCURRENTLY on a table in use, which blocks reads and writes",
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
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
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
    // An index that does not exist locks nothing.
    let is_gone = *if_exists
        && context
            .schema
            .has_nothing_to_drop(ObjectKind::Index, name, None);
    if is_new || name.is_temporary() || is_gone {
        return None;
    }
    let on = table.map_or_else(
        || "the table of the index".to_owned(),
        |t| t.name.to_string(),
    );
    let message = Message::new(
        format!("drops the index {name} without CONCURRENTLY"),
        format!(
            "DROP INDEX takes ACCESS EXCLUSIVE on {on}: it waits for every running query on the table, \
             and all new queries queue behind it"
        ),
        "",
    );
    let message = match table.is_some_and(|table| table.partition_by.is_some()) {
        true => Message {
            help: "PostgreSQL cannot drop an index of a partitioned table with CONCURRENTLY: write a \
                   release migration, put `-- onward: allow drop-index-without-concurrently because \
                   \"...\"` above the statement, and run it at a time of low traffic"
                .to_owned(),
            ..message
        },
        false => {
            Message {
                help: "drop the index with CONCURRENTLY, in a file of its own: the statement then waits \
                       without \
                       blocking reads or writes"
                    .to_owned(),
                ..message
            }
            .with_files(own_file::drops(context))
        }
    };
    Some(message.with_related(context.made(ObjectKind::Index, name, None)))
}
