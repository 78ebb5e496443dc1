//! Column types that other objects depend on.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::facts::pinned::pinned;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "type-change-with-dependents",
    summary: "changes the type of a column that a view, policy, trigger or generated column uses",
    page: include_str!("type_change_with_dependents.md"),
    aliases: &["alter-type-dependency"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
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
         another object uses (0A000); views, policies, triggers and generated columns are stored \
         with the types that they were written for",
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
