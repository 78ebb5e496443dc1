//! Views that the serving release still reads.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::rules::facts::view_shape::{Replacement, replacement};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, CreateView, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-view",
    summary: "a view is dropped while the release that serves may still read it",
    page: include_str!("drop_view.md"),
    aliases: &["ban-drop-view"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    if let Change::CreateView(create) = context.change() {
        return narrowed(context, create);
    }
    let (kind, name) = context.drops(&[ObjectKind::View, ObjectKind::MaterializedView])?;
    let message = Message::new(
        format!("this drops the {kind} {name}"),
        "DROP VIEW takes ACCESS EXCLUSIVE on the view, and the release that still serves fails \
         with 42P01; a view of another shape can be added under another name",
        "",
    );
    let sql = format!(
        "DROP {} {}{}",
        kind.to_string().to_uppercase(),
        context.if_exists(),
        quote_name(name)
    );
    let title = format!("drop_{}", name.name);
    let message = context.by_an_operator(message, &title, &sql, &format!("code that reads {name}"));
    Some(message.with_related(context.made(kind, name, None)))
}

/// A replacement that would take a column away.
fn narrowed(context: &Context<'_>, create: &CreateView) -> Option<Message> {
    let view = &create.view;
    let Replacement::Narrowed = replacement(context, create)? else {
        return None;
    };
    let message = Message::new(
        format!("this takes a column of the view {view} away, or its name"),
        "CREATE OR REPLACE VIEW can only add columns at the end: PostgreSQL refuses this with \
         42P16",
        format!(
            "make the new one under another name, such as {view}_v2; the old one goes in a release \
             migration when nobody reads it"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::View, view, None)))
}
