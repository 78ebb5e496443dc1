//! Enum labels that are added without a position.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "enum-value-without-position",
    summary: "adds an enum label without its position in the order",
    page: include_str!("enum_value_without_position.md"),
    aliases: &["require-enum-value-ordering", "requireEnumValueOrdering"],
    group: Group::Design,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::AddEnumValue], &Check::Clause(check)),
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
        format!("adds the label '{value}' to {name} without a position"),
        "labels sort, and compare with `<`, in the order of the type: without a position the new label \
         becomes the largest, and it cannot be moved later",
        format!("write the position: `ALTER TYPE {name} ADD VALUE '{value}' AFTER '{last}';`"),
    ))
}
