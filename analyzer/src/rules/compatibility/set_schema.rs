//! Objects that move to another schema.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "set-schema",
    summary: "moves an object to another schema",
    page: include_str!("set_schema.md"),
    aliases: &["ban-set-schema"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::SetSchema], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::SetSchema { kind, name, schema } = context.change() else {
        return None;
    };
    let shown = kind.show(name);
    let message = Message::new(
        format!("moves the {kind} {shown} to the schema `{schema}`"),
        format!(
            "from this moment on every statement of the running release that uses {shown} fails, \
             and this module owns only the objects of its own schema; for a table the move takes \
             ACCESS EXCLUSIVE"
        ),
        format!(
            "create a new {kind} in a migration of the module that owns the other schema, copy the \
             data that is needed, and drop the old {kind} in a release migration"
        ),
    );
    Some(message.with_related(context.made(*kind, name, None)))
}
