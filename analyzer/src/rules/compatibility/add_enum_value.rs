//! Enum labels that the running release cannot decode.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "add-enum-value",
    summary: "adds a label to an enum that the running release decodes",
    page: include_str!("add_enum_value.md"),
    aliases: &["ban-add-enum-value"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: ALLOW,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AddEnumValue], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AddEnumValue { name, value, .. } = context.change() else {
        return None;
    };
    let known = context
        .schema
        .type_of(name)
        .map_or(&[][..], |known| known.labels());
    if context.is_new(ObjectKind::Type, name, None) || known.contains(value) {
        return None;
    }
    let message = Message::new(
        format!("adds the label `{value}` to the enum {name}"),
        "no table is locked, but as soon as new code writes the label, code of the running release \
         that reads the column into an enum of its own cannot decode the row",
        format!(
            "first deploy a release that can read `{value}`, and write `{value}` only in the release \
             after that; if the running release can read `{value}` already, add `-- onward: allow \
             add-enum-value because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Type, name, None)))
}
