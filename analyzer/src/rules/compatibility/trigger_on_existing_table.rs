//! Code that writes of old code run from now on.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "trigger-on-existing-table",
    summary: "a trigger is added to a table in use",
    page: include_str!("trigger_on_existing_table.md"),
    aliases: &[
        "adding-trigger-to-existing-table",
        "avoidCreateTrigger",
        "add-trigger",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateTrigger(create) = context.change() else {
        return None;
    };
    let table = &create.table;
    if context.is_new_relation(table) {
        return None;
    }
    let events: Vec<String> = create.events.iter().map(ToString::to_string).collect();
    let message = Message::new(
        format!("{table} gets the trigger `{}`", create.trigger),
        format!(
            "CREATE TRIGGER takes SHARE ROW EXCLUSIVE on {table}, so writes wait until the \
             migration is over; from then on every {} of the serving release runs {} and fails \
             where that fails",
            events.join(" and "),
            create.function
        ),
        format!(
            "if old code copes with what {} does, say so: `-- onward: allow \
             trigger-on-existing-table because \"...\"`",
            create.function
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
