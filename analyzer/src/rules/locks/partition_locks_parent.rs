//! New partitions that lock the whole table.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::rules::fixes::partition;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "partition-locks-parent",
    summary: "CREATE TABLE ... PARTITION OF a table in use",
    page: include_str!("partition_locks_parent.md"),
    aliases: &["create-partition-locks-parent"],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateTable(create) = context.change() else {
        return None;
    };
    let (parent, bound) = create.partition_of.as_ref()?;
    let is_there = create.if_not_exists && context.schema.relation(&create.table).is_some();
    if is_there || !context.is_old_table(parent) {
        return None;
    }
    // A default partition that has to be searched first is told by a rule of its own.
    let searches = !context.effect().scans.is_empty();
    let like = match create.partition_by.is_some() || searches {
        true => None,
        false => Some(partition::like_and_attach(parent, &create.table, bound)),
    };
    let message = Message::new(
        format!(
            "this makes {} a partition of {parent}, which is in use",
            create.table
        ),
        format!(
            "CREATE TABLE ... PARTITION OF takes ACCESS EXCLUSIVE on {parent}: it waits behind every \
             query of any partition, and every new query waits behind it"
        ),
        "make the table first and attach it, which takes SHARE UPDATE EXCLUSIVE and lets reads and \
         writes through",
    );
    let suggested_files = context.fix(like, &[]);
    Some(
        message
            .with_files(suggested_files)
            .with_related(context.made(ObjectKind::Table, parent, None)),
    )
}
