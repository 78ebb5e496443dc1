//! Types that something else holds in place.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::facts::pinned::pinned;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "type-change-with-dependents",
    summary: "a column changes its type while a view, policy, trigger or generated column uses it",
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
            (format!("{table}.{column} changes its type"), table)
        }
        Change::SetAttribute {
            name, attribute, ..
        } => (
            format!(
                "the attribute `{}` of {name} changes its type",
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
        format!("{what}, and {users} would have to follow"),
        "PostgreSQL refuses this with 0A000, however little changes: the query of a view, a policy, a trigger and a \
         generated column are kept with the types that they were written for",
        format!(
            "add a column of the new type instead, under another name, and let the next release write both; or, in a release \
             migration, drop {users} before, change the type, and make it again behind"
        ),
    );
    let related = match context.change() {
        Change::ColumnType { column, .. } => context.made(ObjectKind::Column, name, Some(column)),
        _ => context.made(ObjectKind::Type, name, None),
    };
    Some(message.with_related(related))
}
