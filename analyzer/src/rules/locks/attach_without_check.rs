//! `ATTACH PARTITION` of a table that PostgreSQL has to scan first.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::{Message, SuggestedFile};
use crate::rules::fixes::partition;
use crate::statement::to_sql::quote_name;
use crate::statement::{Bound, Change, Name, ObjectKind, TableAction};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "attach-without-check",
    summary: "attaches a table in use as a partition without a CHECK that proves the partition's \
              bounds",
    page: include_str!("attach_without_check.md"),
    aliases: &[
        "attach-partition-without-check",
        "avoidAttachingPartition",
        "attach-partition",
    ],
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
    let Change::AlterTable {
        table,
        action:
            TableAction::AttachPartition {
                partition,
                bound: Some(bound),
            },
        ..
    } = context.change()
    else {
        return None;
    };
    if !context.is_old_table(partition) || !context.effect().scans.contains(partition) {
        return None;
    }
    let message = Message::new(
        format!(
            "attaches {partition} to {table} and scans all of {partition}: no valid CHECK proves \
                 its bounds"
        ),
        format!(
            "ATTACH PARTITION takes ACCESS EXCLUSIVE on {partition} and keeps it during the scan: reads \
             and writes of {partition} are blocked; {table} stays readable and writable"
        ),
        "add a CHECK with the partition's bounds to the table as NOT VALID, validate the CHECK in the \
         next file, and attach the table after that: PostgreSQL then skips the scan",
    );
    Some(
        message
            .with_files(fix(context, table, partition, bound))
            .with_related(context.made(ObjectKind::Table, partition, None)),
    )
}

fn fix(context: &Context<'_>, table: &Name, partition: &Name, bound: &Bound) -> Vec<SuggestedFile> {
    let name = format!("{}_bounds", partition.name);
    let taken = context
        .schema
        .origin(ObjectKind::Constraint, partition, Some(&name));
    let demand = partition::demand(context, table, bound).filter(|_| taken.is_none());
    let Some(demand) = demand else {
        return Vec::new();
    };
    let (on, written) = (quote_name(partition), quote_ident(&name));
    let add = format!("ALTER TABLE {on} ADD CONSTRAINT {written} CHECK ({demand}) NOT VALID;");
    let validate = format!("ALTER TABLE {on} VALIDATE CONSTRAINT {written};");
    let attach = format!(
        "ALTER TABLE {} ATTACH PARTITION {on} {};",
        quote_name(table),
        partition::bound(bound)
    );
    let files = [
        (&*name, add),
        (&*format!("validate_{name}"), validate),
        (&*format!("attach_{}", partition.name), attach),
    ];
    context.fix(None, &files)
}
