//! What identifies a changed row for replicas.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ObjectKind, ReplicaIdentity, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "replica-identity",
    summary: "changes the replica identity of a table in use",
    page: include_str!("replica_identity.md"),
    aliases: &["ban-replica-identity", "set_replica_identity"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AlterTable], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterTable {
        table,
        action: TableAction::ReplicaIdentity(identity),
        ..
    } = context.change()
    else {
        return None;
    };
    if context.is_new_table(table) {
        return None;
    }
    let effect = match identity {
        ReplicaIdentity::Nothing => {
            "UPDATE and DELETE fail if the table is published: no replica identity (55000), and \
             change feeds no longer identify the changed row"
        }
        ReplicaIdentity::Full => "every UPDATE and DELETE writes the whole old row to the WAL",
        ReplicaIdentity::Default | ReplicaIdentity::Index(_) => {
            "consumers of the table's changes receive other columns of the old row"
        }
    };
    let message = Message::new(
        format!("changes the replica identity of {table}"),
        format!("takes ACCESS EXCLUSIVE on {table} for a moment; afterwards {effect}"),
        "first prepare the consumers of the table's changes, such as Debezium or a subscriber; \
         once they are ready, allow this: `-- onward: allow replica-identity because \"...\"`",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
