//! Whole schemas.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-schema",
    summary: "drops a schema with every object in it",
    page: include_str!("drop_schema.md"),
    aliases: &["ban-drop-schema", "DS101", "banDropSchema"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (_, name) = context.drops(&[ObjectKind::Schema])?;
    Some(Message::new(
        format!("drops the schema `{}`", name.name),
        "a module owns exactly one schema, and that schema also holds the ledger of the applied \
         migrations",
        "drop the objects one by one in release migrations; an operator drops a whole schema by \
         hand, when the service that owned it is retired",
    ))
}
