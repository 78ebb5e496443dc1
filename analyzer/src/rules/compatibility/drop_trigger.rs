//! Triggers that the running release relies on.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::ObjectKind;
use crate::statement::to_sql::quote_name;
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-trigger",
    summary: "drops a trigger that the running release may rely on",
    page: include_str!("drop_trigger.md"),
    aliases: &["ban-drop-trigger", "banDropTrigger"],
    group: Group::Compatibility,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, trigger) = context.drops_part(ObjectKind::Trigger)?;
    let message = Message::new(
        format!("drops the trigger `{trigger}` of {table}"),
        format!(
            "whatever the trigger filled, checked or logged for the running release is no longer \
             done, and no error reports that; DROP TRIGGER takes ACCESS EXCLUSIVE on {table}, which \
             blocks reads and writes"
        ),
        "",
    );
    let sql = format!(
        "DROP TRIGGER {}{} ON {}",
        context.if_exists(),
        quote_ident(trigger),
        quote_name(table)
    );
    let breaks = format!("code that relies on the trigger {trigger} of {table}");
    let title = format!("drop_{}_{trigger}", table.name);
    let related = context.made(ObjectKind::Trigger, table, Some(trigger));
    let message = context.by_an_operator(message, &title, &sql, &breaks);
    Some(message.with_related(related))
}
