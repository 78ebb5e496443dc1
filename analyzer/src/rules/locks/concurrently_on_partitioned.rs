//! `CONCURRENTLY` on partitioned tables, where PostgreSQL does not support it.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "concurrently-on-partitioned",
    summary: "CREATE or DROP INDEX CONCURRENTLY on a partitioned table, which PostgreSQL refuses",
    page: include_str!("concurrently_on_partitioned.md"),
    aliases: &["concurrent-index-on-partitioned"],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::CreateIndex, Subject::Drop],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (what, table) = match context.change() {
        Change::CreateIndex(create) if create.concurrently => ("CREATE INDEX", &create.table),
        Change::Drop {
            kind: ObjectKind::Index,
            name,
            concurrently: true,
            ..
        } => ("DROP INDEX", &context.schema.table_of_index(name)?.name),
        _ => return None,
    };
    let relation = context.schema.relation(table)?;
    relation.partition_by.as_ref()?;
    let message = Message::new(
        format!("uses {what} CONCURRENTLY on the partitioned table {table}"),
        "PostgreSQL refuses CONCURRENTLY on a partitioned table: feature not supported (0A000)",
        help(what, table),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}

fn help(what: &str, table: &Name) -> String {
    match what {
        "CREATE INDEX" => format!(
            "write `CREATE INDEX <index> ON ONLY {table} (...)`, which builds nothing; then create an \
             index on each partition with CONCURRENTLY; then attach each with `ALTER INDEX <index> \
             ATTACH PARTITION <index of the partition>`"
        ),
        _ => {
            "drop the index without CONCURRENTLY at a time of low traffic, and allow that with the \
             reason: the drop is short, but it waits for every running query on the partitions"
                .to_owned()
        }
    }
}
