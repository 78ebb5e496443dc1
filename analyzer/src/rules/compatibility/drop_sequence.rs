//! Sequences from which the running release still draws numbers.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::ObjectKind;
use crate::statement::to_sql::quote_name;

pub(super) static RULE: Rule = Rule {
    id: "drop-sequence",
    summary: "drops a sequence that the running release may still draw from",
    page: include_str!("drop_sequence.md"),
    aliases: &["ban-drop-sequence"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (_, name) = context.drops(&[ObjectKind::Sequence])?;
    let message = Message::new(
        format!("drops the sequence {name}"),
        "every nextval() of the running release on this sequence fails: relation does not exist \
         (42P01), and CASCADE also drops the defaults that use the sequence",
        "",
    );
    let sql = context.drop_of(format!(
        "DROP SEQUENCE {}{}",
        context.if_exists(),
        quote_name(name)
    ));
    let title = format!("drop_{}", name.name);
    let message = context.by_an_operator(
        message,
        &title,
        &sql,
        &format!("code that draws from {name}"),
    );
    Some(message.with_related(context.made(ObjectKind::Sequence, name, None)))
}
