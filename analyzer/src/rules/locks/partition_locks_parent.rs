//! New partitions that lock the whole partitioned table.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::partition;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "partition-locks-parent",
    summary: "CREATE TABLE ... PARTITION OF a table in use, which blocks reads and writes of every \
              partition",
    page: include_str!("partition_locks_parent.md"),
    aliases: &["create-partition-locks-parent"],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::CreateTable], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateTable(create) = context.change() else {
        return None;
    };
    let (parent, _) = create.partition_of.as_ref()?;
    let is_there = create.if_not_exists && context.schema.relation(&create.table).is_some();
    if is_there || !context.is_old_table(parent) {
        return None;
    }
    // A default partition that has to be scanned first is reported by a rule of its own.
    let searches = !context.effect().scans.is_empty();
    let like = match searches {
        true => None,
        false => partition::like_and_attach(create),
    };
    let message = Message::new(
        format!(
            "creates {} as a partition of {parent}, which is in use",
            create.table
        ),
        format!(
            "CREATE TABLE ... PARTITION OF takes ACCESS EXCLUSIVE on {parent}: it waits for every \
             running query on any partition, and all new queries queue behind it"
        ),
        "create the table first and then attach it: ATTACH PARTITION takes SHARE UPDATE EXCLUSIVE, \
         which allows reads and writes",
    );
    let suggested_files = context.fix(like, &[]);
    Some(
        message
            .with_files(suggested_files)
            .with_related(context.made(ObjectKind::Table, parent, None)),
    )
}
