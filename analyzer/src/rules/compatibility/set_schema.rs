//! Objects that move to another schema.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "set-schema",
    summary: "an object moves to another schema",
    page: include_str!("set_schema.md"),
    aliases: &["ban-set-schema"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::SetSchema { kind, name, schema } = context.change() else {
        return None;
    };
    let shown = kind.show(name);
    let message = Message::new(
        format!("this moves the {kind} {shown} to the schema `{schema}`"),
        format!(
            "every statement of the serving release that says {shown} fails from this moment on, \
             and a module owns the objects of its own schema only; for a table the move takes \
             ACCESS EXCLUSIVE"
        ),
        format!(
            "make a new {kind} where it belongs, by the module that owns the schema, copy what is \
             needed, and drop the old one in a release migration"
        ),
    );
    Some(message.with_related(context.made(*kind, name, None)))
}
