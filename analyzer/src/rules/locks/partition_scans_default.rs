//! New partitions that make PostgreSQL scan the default partition.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::partition;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ObjectKind, TableAction};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "partition-scans-default",
    summary: "adds a partition without a CHECK on the default partition, which scans the default \
              partition",
    page: include_str!("partition_scans_default.md"),
    aliases: &["attach-partition-scans-default"],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::AlterTable, Subject::CreateTable],
        &Check::Clause(check),
    ),
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
            // A table of this file cannot be attached in a later file: other statements here may
            // need it.
            let again = context
                .is_old_table(partition)
                .then(|| format!("{};", context.sql()));
            (table, partition, bound, again)
        }
        Change::CreateTable(create) => {
            let (table, bound) = create.partition_of.as_ref()?;
            (
                table,
                &create.table,
                bound,
                partition::like_and_attach(create),
            )
        }
        _ => return None,
    };
    let default = &context.schema.default_partition(table)?.name;
    if !context.is_old_table(default) || !context.effect().scans.contains(default) {
        return None;
    }
    let message = Message::new(
        format!(
            "adds the partition {partition} to {table} and scans all of {default} for its rows"
        ),
        format!(
            "PostgreSQL takes ACCESS EXCLUSIVE on the default partition {default} and keeps it during \
             the scan: every query of {table} that may read rows from {default} is blocked"
        ),
        "add a CHECK to the default partition that excludes the rows of the new partition, as NOT \
         VALID; validate it in the next file, and add the partition after that: PostgreSQL then skips \
         the scan",
    );
    let denial = partition::denial(context, table, bound);
    let suggested_files = denial.zip(again).map(|(check, again)| {
        let name = format!("{}_not_in_{}", default.name, partition.name);
        let (on, written) = (quote_name(default), quote_ident(&name));
        let add = format!("ALTER TABLE {on} ADD CONSTRAINT {written} CHECK ({check}) NOT VALID;");
        let validate = format!("ALTER TABLE {on} VALIDATE CONSTRAINT {written};");
        let validate = (format!("validate_{name}"), validate);
        let again = (format!("attach_{}", partition.name), again);
        context.fix(None, &[(name, add), validate, again])
    });
    Some(
        message
            .with_files(suggested_files.unwrap_or_default())
            .with_related(context.made(ObjectKind::Table, default, None)),
    )
}
