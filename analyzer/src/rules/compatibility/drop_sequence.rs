//! Sequences that old code still draws from.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::ObjectKind;
use crate::statement::to_sql::quote_name;

pub(super) static RULE: Rule = Rule {
    id: "drop-sequence",
    summary: "a sequence is dropped while old code may still draw from it",
    page: include_str!("drop_sequence.md"),
    aliases: &["ban-drop-sequence"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (_, name) = context.drops(&[ObjectKind::Sequence])?;
    let message = Message::new(
        format!("this drops the sequence {name}"),
        "every nextval() of the release that still serves fails with 42P01, and defaults that use \
         the sequence go with it under CASCADE",
        "",
    );
    let sql = format!("DROP SEQUENCE {}{}", context.if_exists(), quote_name(name));
    let title = format!("drop_{}", name.name);
    let message = context.by_an_operator(
        message,
        &title,
        &sql,
        &format!("code that draws from {name}"),
    );
    Some(message.with_related(context.made(ObjectKind::Sequence, name, None)))
}
