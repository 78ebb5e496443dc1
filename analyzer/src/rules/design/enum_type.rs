//! Enum types, which only grow.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, TypeBody};

pub(super) static RULE: Rule = Rule {
    id: "enum-type",
    summary: "a new enum type, whose labels can never be removed",
    page: include_str!("enum_type.md"),
    aliases: &["creating-enum", "W13", "creatingEnum"],
    group: Group::Design,
    levels: Levels {
        startup: ALLOW,
        release: ALLOW,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
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
        format!("{name} is an enum type"),
        "a label can be added and renamed and never removed, code of an older release cannot read one \
         that it does not know, and a label says nothing more about itself",
        "take text with a CHECK where code knows all values, or a table of its own with a foreign key \
         where operators add some",
    ))
}
