//! Triggers and rules that are disabled or enabled.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Firing, ObjectKind, TableAction, Triggers};

pub(super) static RULE: Rule = Rule {
    id: "disable-trigger",
    summary: "disables or enables triggers or rules for every session",
    page: include_str!("disable_trigger.md"),
    aliases: &["ban-disable-trigger", "avoidEnableDisableTrigger"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AlterTable], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterTable { table, action, .. } = context.change() else {
        return None;
    };
    let (what, lock, off) = match action {
        TableAction::Trigger { triggers, firing } => {
            let which = match triggers {
                Triggers::All => "all triggers".to_owned(),
                Triggers::User => "all triggers (except those of constraints)".to_owned(),
                Triggers::One(name) => format!("the trigger `{name}`"),
            };
            let off = match (firing, triggers) {
                (Firing::Disabled, Triggers::All) => {
                    "foreign keys are not checked for any session while their triggers are \
                     disabled, and rows without a parent stay in the table"
                }
                (Firing::Disabled, Triggers::User | Triggers::One(_)) => {
                    "disabled triggers do not fire for the writes of the running release, and \
                     PostgreSQL does not repeat the skipped calls later"
                }
                (Firing::Enabled | Firing::Always, _) => {
                    "enabled triggers fire for every write of the running release"
                }
                (Firing::Replica, _) => {
                    "replica triggers fire only where replicated changes are applied: they do not \
                     fire for the writes of the running release, and PostgreSQL does not repeat the \
                     skipped calls later"
                }
            };
            (which, "SHARE ROW EXCLUSIVE", off)
        }
        TableAction::Rule { rule, .. } => (
            format!("the rule `{rule}`"),
            "ACCESS EXCLUSIVE",
            "PostgreSQL expands the statements of the running release in a different way",
        ),
        _ => return None,
    };
    let verb = match action {
        TableAction::Trigger {
            firing: Firing::Disabled,
            ..
        }
        | TableAction::Rule {
            firing: Firing::Disabled,
            ..
        } => "disables",
        _ => "enables",
    };
    let message = Message::new(
        format!("{verb} {what} of {table}"),
        format!(
            "ALTER TABLE takes {lock} on {table} until the migration ends, and changes the table \
             for every session: {off}"
        ),
        "remove the statement: a data migration works in batches and can run with triggers and \
         rules enabled; if a trigger must not fire during a data migration, create the trigger with \
         `WHEN (current_setting('app.copying', true) IS NULL)` and set `app.copying` in that \
         migration only",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
