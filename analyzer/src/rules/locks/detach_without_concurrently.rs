//! `DETACH PARTITION` that blocks reads and writes of the whole partitioned table.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, SuggestedFile};
use crate::intake::file_name::Category;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Detach, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "detach-without-concurrently",
    summary: "DETACH PARTITION without CONCURRENTLY, which blocks reads and writes of every partition",
    page: include_str!("detach_without_concurrently.md"),
    aliases: &[
        "require-concurrent-partition-detach",
        "requireConcurrentDetachPartition",
        "detach-partition-non-concurrent",
    ],
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
    let Change::AlterTable {
        table,
        action:
            TableAction::DetachPartition {
                partition,
                mode: Detach::Plain,
            },
        ..
    } = context.change()
    else {
        return None;
    };
    if !context.is_old_table(table) {
        return None;
    }
    let message = Message::new(
        format!("detaches {partition} from {table} without CONCURRENTLY"),
        format!(
            "DETACH PARTITION takes ACCESS EXCLUSIVE on {table} and on {partition}: it waits for every \
             running query on any partition, and all new queries queue behind it"
        ),
        "",
    );
    let message = match context.schema.default_partition(table) {
        // Measured: 55000.
        Some(default) => Message {
            help: format!(
                "PostgreSQL cannot detach with CONCURRENTLY while the table has a default partition, \
                 and {table} has {}: write a release migration, allow this finding with the reason, and \
                 run it at a time of low traffic",
                default.name
            ),
            ..message
        },
        None => {
            let sql = format!(
                "-- onward: breaks queries of {table} that read rows of {partition}\nALTER TABLE {} \
                 DETACH PARTITION {} CONCURRENTLY;",
                quote_name(table),
                quote_name(partition)
            );
            let title = format!("detach_{}", partition.name);
            Message {
                help:
                    "detach the partition with CONCURRENTLY in a release migration, in a file of its \
                     own: the statement then waits without blocking reads or writes"
                        .to_owned(),
                ..message
            }
            .with_files(fix(context, &title, sql))
        }
    };
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}

/// A release migration: the same file if it is one already, otherwise the next.
fn fix(context: &Context<'_>, title: &str, sql: String) -> Vec<SuggestedFile> {
    match context.category() {
        Some(Category::Release) => context.fix(None, &[(title.to_owned(), sql)]),
        Some(Category::Startup | Category::Seed | Category::Data) | None => {
            context.suggested_files(&[(Category::Release, title, sql)])
        }
    }
}
