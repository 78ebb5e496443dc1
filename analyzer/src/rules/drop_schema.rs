//! Whole schemas.

use crate::finding::{Message, Severity};
use crate::rule::{Check, Levels, Rule, Scope};
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-schema",
    summary: "a schema is dropped with everything in it",
    page: include_str!("drop_schema.md"),
    aliases: &["ban-drop-schema", "DS101"],
    levels: Levels {
        startup: Severity::Forbid,
        seed: Severity::Forbid,
        release: Severity::Deny,
        data: Severity::Forbid,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (_, name) = scope.drops(&[ObjectKind::Schema])?;
    Some(Message::new(
        format!("this drops the schema `{}`", name.name),
        "a module owns exactly one schema, and that schema also holds the ledger of what was applied",
        "drop the objects one by one in release migrations; a whole schema is dropped by hand, \
         together with the service that owned it",
    ))
}
