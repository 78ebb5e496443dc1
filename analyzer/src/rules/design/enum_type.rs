//! Enum types, whose labels cannot be removed.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, TypeBody};

pub(super) static RULE: Rule = Rule {
    id: "enum-type",
    summary: "creates an enum type, whose labels can never be removed",
    page: include_str!("enum_type.md"),
    aliases: &["creating-enum", "W13", "creatingEnum"],
    group: Group::Design,
    levels: Levels {
        startup: ALLOW,
        release: ALLOW,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::CreateType], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateType {
        name,
        body: TypeBody::Enum(_),
    } = context.change()
    else {
        return None;
    };
    Some(Message::new(
        format!("creates the enum type {name}"),
        "labels can be added and renamed, but never removed; the running release cannot read a label that \
         it does not know, and a label cannot carry a title or other data",
        "if the code knows all values, use text with a CHECK; if operators add values, use a table of \
         values and a foreign key",
    ))
}
