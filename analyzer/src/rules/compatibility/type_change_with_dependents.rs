//! Column types that other objects depend on.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::dependents::is_partition_key;
use crate::rules::facts::pinned::pinned;
use crate::schema::Answer;
use crate::statement::{Change, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "type-change-with-dependents",
    summary: "changes the type of a column that a view, policy, trigger or other definition uses",
    page: include_str!("type_change_with_dependents.md"),
    aliases: &["alter-type-dependency"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(
        &[Subject::ColumnType, Subject::SetAttribute],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    if let Change::ColumnType { table, column, .. } = context.change()
        && let Some(message) = of_structure(context, table, column)
    {
        return Some(message);
    }
    let users = pinned(context);
    let (what, name) = match context.change() {
        Change::ColumnType { table, column, .. } => {
            (format!("changes the type of {table}.{column}"), table)
        }
        Change::SetAttribute {
            name, attribute, ..
        } => (
            format!(
                "changes the type of the attribute `{}` of {name}",
                attribute.name
            ),
            name,
        ),
        _ => return None,
    };
    if users.is_empty() {
        return None;
    }
    let users = users.join(", ");
    let message = Message::new(
        format!("{what}, used by {users}"),
        "PostgreSQL refuses this however small the change is: cannot alter type of a column that \
         another object uses (0A000); views, rules, policies, triggers, generated columns and \
         functions in standard SQL are stored with the types that they were written for",
        format!(
            "add a column of the new type under another name instead, and let the next release \
             write both; or, in a release migration, drop {users}, change the type, and create \
             again what was dropped"
        ),
    );
    let related = match context.change() {
        Change::ColumnType { column, .. } => context.made(ObjectKind::Column, name, Some(column)),
        _ => context.made(ObjectKind::Type, name, None),
    };
    Some(message.with_related(related))
}

/// A column of the partition key.
fn of_structure(context: &Context<'_>, table: &Name, column: &str) -> Option<Message> {
    if context
        .schema
        .exists(ObjectKind::Column, table, Some(column))
        != Answer::Yes
    {
        return None;
    }
    is_partition_key(context, table, column).then(|| {
        Message::new(
            format!("changes the type of {table}.{column}, by which the table is partitioned"),
            "PostgreSQL refuses this: the column is part of the partition key (42P16)",
            "create a new partitioned table with the new type, and copy the rows with a data migration",
        )
    })
}
