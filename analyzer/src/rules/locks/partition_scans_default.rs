//! New partitions for which the default one is searched.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::rules::fixes::partition;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ObjectKind, TableAction};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "partition-scans-default",
    summary: "a partition is added while the default one has to be searched for its rows",
    page: include_str!("partition_scans_default.md"),
    aliases: &["attach-partition-scans-default"],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, partition, bound, again) = match context.change() {
        Change::AlterTable {
            table,
            action:
                TableAction::AttachPartition {
                    partition,
                    bound: Some(bound),
                },
            ..
        } => {
            // What a new partition needs beside it would be left behind.
            let again = context
                .is_old_table(partition)
                .then(|| format!("{};", context.sql()));
            (table, partition, bound, again)
        }
        Change::CreateTable(create) => {
            let (table, bound) = create.partition_of.as_ref()?;
            let whole = create.partition_by.is_none();
            let again = whole.then(|| partition::like_and_attach(table, &create.table, bound));
            (table, &create.table, bound, again)
        }
        _ => return None,
    };
    let default = &context.schema.default_partition(table)?.name;
    if !context.is_old_table(default) || !context.effect().scans.contains(default) {
        return None;
    }
    let message = Message::new(
        format!(
            "{partition} becomes a partition of {table}, and {default} is searched for its rows"
        ),
        format!(
            "PostgreSQL takes ACCESS EXCLUSIVE on {default}, the default partition, and keeps it while \
             all of its rows are read: no query of {table} that could find rows there goes through"
        ),
        "give the default partition a CHECK that its rows lie elsewhere as NOT VALID, validate it in the \
         next file, and add the partition then: nothing is left to be read",
    );
    let denial = partition::denial(context, table, bound);
    let suggested_files = denial.zip(again).map(|(check, again)| {
        let name = format!("{}_not_in_{}", default.name, partition.name);
        let (on, written) = (quote_name(default), quote_ident(&name));
        let add = format!("ALTER TABLE {on} ADD CONSTRAINT {written} CHECK ({check}) NOT VALID;");
        let validate = format!("ALTER TABLE {on} VALIDATE CONSTRAINT {written};");
        let again = (&*format!("attach_{}", partition.name), again);
        context.fix(
            None,
            &[(&name, add), (&format!("validate_{name}"), validate), again],
        )
    });
    Some(
        message
            .with_files(suggested_files.unwrap_or_default())
            .with_related(context.made(ObjectKind::Table, default, None)),
    )
}
