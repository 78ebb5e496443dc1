//! Triggers that old code relies on.

use crate::check::context::Scope;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::ObjectKind;
use crate::text::quote;

pub(super) static RULE: Rule = Rule {
    id: "drop-trigger",
    summary: "a trigger is dropped that old code may rely on",
    page: include_str!("drop_trigger.md"),
    aliases: &["ban-drop-trigger", "banDropTrigger"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (table, trigger) = scope.drops_part(ObjectKind::Trigger)?;
    let message = Message::new(
        format!("this drops the trigger `{trigger}` of {table}"),
        format!(
            "DROP TRIGGER takes ACCESS EXCLUSIVE on {table}, so reads and writes wait; and what \
             the trigger filled, checked or logged for the serving release is no longer done, \
             without any error"
        ),
        "",
    );
    let sql = format!(
        "DROP TRIGGER {}{} ON {}",
        scope.if_exists(),
        quote::ident(trigger),
        quote::name(table)
    );
    let breaks = format!("code that relies on the trigger {trigger} of {table}");
    let title = format!("drop_{}_{trigger}", table.name);
    let related = scope.made(ObjectKind::Trigger, table, Some(trigger));
    let message = scope.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}
