//! Writes that PostgreSQL refuses because the table is published without a replica identity.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::rules::facts::refused_write;
use crate::schema::Refused;
use crate::statement::{Change, Merged, Name};

pub(super) static RULE: Rule = Rule {
    id: "write-without-replica-identity",
    summary: "an UPDATE or DELETE of a published table without a suitable replica identity, which PostgreSQL refuses",
    page: include_str!("write_without_replica_identity.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Of(
        &[
            Subject::Update,
            Subject::Delete,
            Subject::Insert,
            Subject::Merge,
        ],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (word, table, updates, deletes) = written(context.change())?;
    let refused = context.schema.refused_writes(table)?;
    let Refused {
        updates: published_updates,
        deletes: published_deletes,
        ..
    } = refused;
    if !(updates && published_updates || deletes && published_deletes) {
        return None;
    }
    Some(Message::new(
        format!(
            "PostgreSQL refuses this {word} of {table}: the publication {} publishes it, and {}",
            refused.publication,
            refused_write::why(&refused)
        ),
        format!(
            "the statement fails for certain: {}",
            refused_write::code(&refused)
        ),
        format!(
            "first give {} a primary key or another replica identity, which a subscriber needs as well",
            refused.table
        ),
    ))
}

/// The word of the statement, its table, and whether it updates and deletes rows.
fn written(change: &Change) -> Option<(&'static str, &Name, bool, bool)> {
    match change {
        Change::Update(update) => Some(("UPDATE", &update.table, true, false)),
        Change::Delete(delete) => Some(("DELETE", &delete.table, false, true)),
        Change::Insert(insert) => {
            let conflict = insert.on_conflict.as_ref()?;
            conflict.update.as_ref()?;
            Some((
                "INSERT ... ON CONFLICT DO UPDATE",
                &insert.table,
                true,
                false,
            ))
        }
        Change::Merge(merge) => {
            let actions = merge.actions.iter().map(|action| &action.merged);
            let (updates, deletes) =
                { actions }.fold((false, false), |(updates, deletes), merged| match merged {
                    Merged::Update(_) => (true, deletes),
                    Merged::Delete => (updates, true),
                    Merged::Nothing | Merged::Insert { .. } => (updates, deletes),
                });
            Some(("MERGE", &merge.table, updates, deletes))
        }
        _ => None,
    }
}
