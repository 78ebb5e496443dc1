//! Whole schemas.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::finding::Message;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-schema",
    summary: "a schema is dropped with everything in it",
    page: include_str!("drop_schema.md"),
    aliases: &["ban-drop-schema", "DS101", "banDropSchema"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (_, name) = context.drops(&[ObjectKind::Schema])?;
    Some(Message::new(
        format!("this drops the schema `{}`", name.name),
        "a module owns exactly one schema, and that schema also holds the ledger of what was \
         applied",
        "drop the objects one by one in release migrations; a whole schema is dropped by hand, \
         together with the service that owned it",
    ))
}
