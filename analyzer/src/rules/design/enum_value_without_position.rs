//! Labels that come last without being asked.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "enum-value-without-position",
    summary: "a new enum label does not say where it stands in the order",
    page: include_str!("enum_value_without_position.md"),
    aliases: &["require-enum-value-ordering", "requireEnumValueOrdering"],
    group: Group::Design,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AddEnumValue {
        name,
        value,
        position: None,
        ..
    } = context.change()
    else {
        return None;
    };
    let known = context.schema.type_of(name);
    let last = known.and_then(|known| known.labels().last());
    let last = last.map_or("<label>", String::as_str).replace('\'', "''");
    let value = value.replace('\'', "''");
    Some(Message::new(
        format!("the label '{value}' of {name} does not say where it stands"),
        "labels sort, and compare with `<`, in the order of the type: without a place it is the largest, \
         and there is no way to move it later",
        format!("say it: `ALTER TYPE {name} ADD VALUE '{value}' AFTER '{last}';`"),
    ))
}
