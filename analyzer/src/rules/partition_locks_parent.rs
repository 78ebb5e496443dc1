//! New partitions that lock the whole table.

use crate::finding::Message;
use crate::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::scope::Scope;
use crate::sql;
use crate::statement::{Bound, Change, ObjectKind};

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

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::CreateTable(create) = scope.change() else {
        return None;
    };
    let (parent, bound) = create.partition_of.as_ref()?;
    let is_there = create.if_not_exists && scope.schema.relation(&create.table).is_some();
    if is_there || !scope.is_old_table(parent) {
        return None;
    }
    let (partition, on) = (sql::name(&create.table), sql::name(parent));
    let like = match create.partition_by.is_some() {
        true => None,
        false => Some(format!(
            "CREATE TABLE {partition} (LIKE {on} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING \
             GENERATED INCLUDING INDEXES);\nALTER TABLE {on} ATTACH PARTITION {partition} {};",
            self::bound(bound)
        )),
    };
    let message = Message::new(
        format!("this makes {} a partition of {parent}, which is in use", create.table),
        format!(
            "CREATE TABLE ... PARTITION OF takes ACCESS EXCLUSIVE on {parent}: it waits behind every \
             query of any partition, and every new query waits behind it"
        ),
        "make the table first and attach it, which takes SHARE UPDATE EXCLUSIVE and lets reads and \
         writes through",
    );
    let remedies = scope.cure(like, &[]);
    Some(
        message
            .with_remedies(remedies)
            .with_related(scope.made(ObjectKind::Table, parent, None)),
    )
}

pub(super) fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Default => "DEFAULT".to_owned(),
        Bound::In(values) => format!("FOR VALUES IN ({values})"),
        Bound::Range { from, to } => format!("FOR VALUES FROM ({from}) TO ({to})"),
        Bound::Hash(words) => format!("FOR VALUES WITH ({words})"),
    }
}
