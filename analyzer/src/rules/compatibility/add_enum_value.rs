//! Labels that old code cannot decode.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "add-enum-value",
    summary: "an enum that old code decodes gets another label",
    page: include_str!("add_enum_value.md"),
    aliases: &["ban-add-enum-value"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: ALLOW,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
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
        format!("{name} gets the label `{value}`"),
        "nothing is locked; but as soon as new code writes the label, code of the serving release \
         that reads it into an enum of its own fails to decode the row",
        format!(
            "ship a release first that reads `{value}`, and write it with the one after; when old \
             code copes, say so: `-- onward: allow add-enum-value because \"...\"`"
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Type, name, None)))
}
