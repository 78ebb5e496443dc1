//! `ATTACH PARTITION` of a table that PostgreSQL has to scan first.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::attached::attached;
use crate::rules::fixes::attach;
use crate::statement::{Change, ObjectKind, TableAction};

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
    check: Check::Of(&[Subject::AlterTable], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterTable {
        table,
        action:
            TableAction::AttachPartition {
                partition,
                bound: Some(_),
            },
        ..
    } = context.change()
    else {
        return None;
    };
    if !context.is_old_table(partition) || !context.effect().scans.contains(partition) {
        return None;
    }
    let attached = attached(context, context.change());
    let files = attached.map(|attached| attach::files(context, &attached));
    let files = files.unwrap_or_default();
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
            .with_files(files)
            .with_related(context.made(ObjectKind::Table, partition, None)),
    )
}
