//! CONCURRENTLY on what PostgreSQL has no quiet way for.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "concurrently-on-partitioned",
    summary: "CREATE or DROP INDEX CONCURRENTLY on a partitioned table",
    page: include_str!("concurrently_on_partitioned.md"),
    aliases: &["concurrent-index-on-partitioned"],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
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
        format!("{what} CONCURRENTLY does not work on {table}, which is partitioned"),
        "PostgreSQL refuses it with 0A000",
        help(what, table),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}

fn help(what: &str, table: &Name) -> String {
    match what {
        "CREATE INDEX" => format!(
            "`CREATE INDEX <index> ON ONLY {table} (...)`, which builds nothing, then one index on each \
             partition with CONCURRENTLY, then `ALTER INDEX <index> ATTACH PARTITION <its index>` for \
             each"
        ),
        _ => {
            "drop it without CONCURRENTLY, in a quiet hour and with a reason: it is short, but it \
              waits for every query of any partition"
                .to_owned()
        }
    }
}
