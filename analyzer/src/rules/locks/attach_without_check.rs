//! Attaching a table that has to be read first.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::{Message, SuggestedFile};
use crate::rules::fixes::partition;
use crate::statement::to_sql::quote_name;
use crate::statement::{Bound, Change, Name, ObjectKind, TableAction};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "attach-without-check",
    summary: "a table in use is attached as a partition and nothing proves that its rows belong there",
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
        format!("{partition} is attached to {table} and nothing proves that its rows belong there"),
        format!(
            "ATTACH PARTITION takes ACCESS EXCLUSIVE on {partition} and keeps it while all of its rows \
             are read: neither reads nor writes of it go through; {table} itself is open"
        ),
        "give the table a CHECK with the partition's bounds as NOT VALID, validate it in the next \
         file, and attach it then: nothing is left to be read",
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
