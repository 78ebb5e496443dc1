//! Types that old code still casts to.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-type",
    summary: "a type or domain is dropped while old code may still cast to it",
    page: include_str!("drop_type.md"),
    aliases: &["ban-drop-type", "ban-drop-domain"],
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
    let (kind, name) = scope.drops(&[ObjectKind::Type, ObjectKind::Domain])?;
    let message = Message::new(
        format!("this drops the {kind} {name}"),
        "statements of the release that still serves name the type in casts and parameters and fail \
         with 42704",
        scope.to_release(&format!("drop_{}", name.name)),
    );
    Some(message.with_related(scope.made(kind, name, None)))
}
