//! Views that the serving release still reads.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::ObjectKind;

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

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (kind, name) = scope.drops(&[ObjectKind::View, ObjectKind::MaterializedView])?;
    let message = Message::new(
        format!("this drops the {kind} {name}"),
        "DROP VIEW takes ACCESS EXCLUSIVE on the view, and the release that still serves fails with \
         42P01; a view of another shape can be added under another name",
        scope.to_release(&format!("drop_{}", name.name)),
    );
    Some(message.with_related(scope.made(kind, name, None)))
}
