//! Changes of a table while deferred triggers wait for rows that the file has changed.

use crate::check::context::Context;
use crate::check::pending::Pending;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::effect::LockMode;
use crate::finding::{Message, Place, Severity};
use crate::schema::Relation;
use crate::statement::{Change, Command, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "pending-trigger-events",
    summary: "changes a table after its rows, while a deferred foreign key or trigger waits for the commit",
    page: include_str!("pending_trigger_events.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Always(&Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    if context.pending.is_empty() {
        return None;
    }
    let (target, command) = refused(context.change())?;
    let (event, table) = context.pending.iter().find_map(|event| {
        let table = context.schema.by_id(event.table)?;
        concerns(context, target, table).then_some((event, table))
    })?;
    let name = &event.constraint;
    let message = Message::new(
        format!(
            "changes {} after its rows, while `{name}` is deferred",
            table.name
        ),
        format!(
            "the check of `{name}` waits for the end of the transaction, and until then PostgreSQL refuses \
             the statement: cannot {command} because the table has pending trigger events (55006){}",
            if event.certain {
                ""
            } else {
                ", if a row was changed"
            }
        ),
        "move the change of rows to a later file; or put `SET CONSTRAINTS ALL IMMEDIATE;` between the two, \
         which checks the rows at once",
    );
    let message = message.mild(!event.certain, Severity::Deny);
    Some(message.with_related(place(context, event, table)))
}

/// Where the rows are changed.
fn place(context: &Context<'_>, event: &Pending, table: &Relation) -> Option<(Place, String)> {
    let source = context.sources.get(context.file)?;
    let place = Place::at(&source.path, event.span.clone());
    Some((place, format!("rows of {} are changed here", table.name)))
}

/// Whether the clause changes the table, or if that is partitioned, each partition.
fn concerns(context: &Context<'_>, target: &Name, table: &Relation) -> bool {
    let mut family = context.schema.with_children(target);
    let truncates = matches!(context.change(), Change::Truncate { cascade: true, .. });
    if !truncates && !family.any(|member| member.id == table.id) {
        return false;
    }
    let effect = context.effect();
    let is_locked = |name: &Name| {
        let mut locks = effect.locks.iter();
        locks.any(|lock| lock.relation == *name && lock.mode >= LockMode::ShareUpdateExclusive)
    };
    let members = context.schema.with_children(&table.name);
    let parts: Vec<&Name> = members
        .filter(|one| one.partition_by.is_none() && one.partition_of.is_some())
        .map(|one| &one.name)
        .collect();
    match table.partition_by {
        Some(_) => !parts.is_empty() && parts.into_iter().all(is_locked),
        None => is_locked(&table.name),
    }
}

/// The table that the clause changes, and the command that PostgreSQL names when it refuses it.
fn refused(change: &Change) -> Option<(&Name, &'static str)> {
    match change {
        Change::AddColumn { table, .. }
        | Change::DropColumn { table, .. }
        | Change::ColumnType { table, .. }
        | Change::SetNotNull { table, .. }
        | Change::DropNotNull { table, .. }
        | Change::AlterColumn { table, .. }
        | Change::AddConstraint { table, .. }
        | Change::ValidateConstraint { table, .. }
        | Change::AlterTable {
            kind: ObjectKind::Table,
            table,
            ..
        }
        | Change::Owner {
            kind: ObjectKind::Table,
            name: table,
            ..
        }
        | Change::Drop {
            kind: ObjectKind::Constraint,
            name: table,
            ..
        } => Some((table, "ALTER TABLE")),
        Change::Drop {
            kind: ObjectKind::Table,
            name,
            ..
        } => Some((name, "DROP TABLE")),
        Change::Truncate { table, .. } => Some((table, "TRUNCATE")),
        Change::CreateIndex(create) if !create.concurrently => {
            Some((&create.table, "CREATE INDEX"))
        }
        Change::Other {
            command: Command::Cluster,
            object: Some(table),
            ..
        } => Some((table, "CLUSTER")),
        _ => None,
    }
}
