//! Views that the running release still reads.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::view_shape::{Replacement, replacement};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, CreateView, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-view",
    summary: "drops a view, or a column of a view, that the running release may still read",
    page: include_str!("drop_view.md"),
    aliases: &["ban-drop-view"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::CreateView, Subject::Drop], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    if let Change::CreateView(create) = context.change() {
        return narrowed(context, create);
    }
    let (kind, name) = context.drops(&[ObjectKind::View, ObjectKind::MaterializedView])?;
    let message = Message::new(
        format!("drops the {kind} {name}"),
        "statements of the running release that read the view fail: relation does not exist \
         (42P01); DROP VIEW takes ACCESS EXCLUSIVE on the view; a view with other columns can be \
         added under another name",
        "",
    );
    let sql = context.drop_of(format!(
        "DROP {} {}{}",
        kind.to_string().to_uppercase(),
        context.if_exists(),
        quote_name(name)
    ));
    let title = format!("drop_{}", name.name);
    let message = context.by_an_operator(message, &title, &sql, &format!("code that reads {name}"));
    Some(message.with_related(context.made(kind, name, None)))
}

/// A replacement that would remove or rename a column, which PostgreSQL refuses.
fn narrowed(context: &Context<'_>, create: &CreateView) -> Option<Message> {
    let view = &create.view;
    let Replacement::Narrowed = replacement(context, create)? else {
        return None;
    };
    let message = Message::new(
        format!("removes or renames a column of the view {view}"),
        "CREATE OR REPLACE VIEW can only add columns at the end: PostgreSQL refuses to drop or \
         rename a column of the view (42P16)",
        format!(
            "create the new view under another name, such as {view}_v2; drop the old view in a \
             release migration when no code reads it any more"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::View, view, None)))
}
