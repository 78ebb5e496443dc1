//! What tells replicas which row has changed.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, ObjectKind, ReplicaIdentity, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "replica-identity",
    summary: "the replica identity of a table in use changes",
    page: include_str!("replica_identity.md"),
    aliases: &["ban-replica-identity", "set_replica_identity"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
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
            "UPDATE and DELETE fail with 55000 where the table is published, and change feeds no \
             longer say which row it was"
        }
        ReplicaIdentity::Full => "every UPDATE and DELETE writes the whole old row to the WAL",
        ReplicaIdentity::Default | ReplicaIdentity::Index(_) => {
            "whoever follows the table's changes gets other columns of the old row"
        }
    };
    let message = Message::new(
        format!("the replica identity of {table} changes"),
        format!("it takes ACCESS EXCLUSIVE on {table} for a moment; from then on {effect}"),
        "tell those who follow the table's changes first, such as Debezium or a subscriber; when \
         they are ready, say so: `-- onward: allow replica-identity because \"...\"`",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
