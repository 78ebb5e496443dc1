//! Functions that the running release still calls.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "drop-function",
    summary: "drops a function that the running release may still call",
    page: include_str!("drop_function.md"),
    aliases: &["ban-drop-function"],
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
    let kinds = [
        ObjectKind::Function,
        ObjectKind::Procedure,
        ObjectKind::Routine,
        ObjectKind::Aggregate,
    ];
    let (kind, name) = context.drops(&kinds)?;
    let message = Message::new(
        format!("drops the {kind} {name}"),
        "calls of the running release fail: function does not exist (42883); a function with other \
         arguments can exist beside the old one",
        "",
    );
    let title = format!("drop_{}", name.name);
    let sql = context.sql_from(context.statement.span.start);
    let message = context.by_an_operator(message, &title, &sql, &format!("code that calls {name}"));
    Some(message.with_related(context.made(kind, name, None)))
}
