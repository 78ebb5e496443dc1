//! Triggers that writes of old code run.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::replacement::is_its_trigger;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "trigger-on-existing-table",
    summary: "adds a trigger to a table in use",
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
    check: Check::Of(&[Subject::CreateTrigger], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateTrigger(create) = context.change() else {
        return None;
    };
    let table = &create.table;
    // `broken-replacement` asks whether that trigger copies what it should.
    if context.is_new_relation(table) || is_its_trigger(context, create) {
        return None;
    }
    let events: Vec<String> = create.events.iter().map(ToString::to_string).collect();
    let message = Message::new(
        format!("adds the trigger `{}` to {table}", create.trigger),
        format!(
            "takes SHARE ROW EXCLUSIVE on {table}, so writes wait until the migration is \
             committed; afterwards every {} of the running release runs {}, and fails if that \
             function fails",
            events.join(" and "),
            create.function
        ),
        format!(
            "if old code works with what {} does, allow this: `-- onward: allow \
             trigger-on-existing-table because \"...\"`",
            create.function
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
