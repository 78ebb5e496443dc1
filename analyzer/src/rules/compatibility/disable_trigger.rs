//! Triggers and rules that are switched off and on.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::finding::Message;
use crate::statement::{Change, Firing, ObjectKind, TableAction, Triggers};

pub(super) static RULE: Rule = Rule {
    id: "disable-trigger",
    summary: "triggers or rules are switched off or on",
    page: include_str!("disable_trigger.md"),
    aliases: &["ban-disable-trigger", "avoidEnableDisableTrigger"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AlterTable { table, action, .. } = context.change() else {
        return None;
    };
    let (what, lock, off) = match action {
        TableAction::Trigger { triggers, firing } => {
            let which = match triggers {
                Triggers::All => "all triggers".to_owned(),
                Triggers::User => "all triggers but those of constraints".to_owned(),
                Triggers::One(name) => format!("the trigger `{name}`"),
            };
            let off = match (firing, triggers) {
                (Firing::Disabled, Triggers::All) => {
                    "meanwhile nobody's foreign keys are checked, of no session, and rows without \
                     a parent stay"
                }
                (Firing::Disabled, Triggers::User | Triggers::One(_)) => {
                    "meanwhile it runs for no session: the writes of the serving release miss it \
                     for good"
                }
                (Firing::Enabled | Firing::Always, _) => {
                    "from then on every write of the serving release runs it"
                }
                (Firing::Replica, _) => {
                    "from then on it runs only where changes are replayed: the writes of the \
                     serving release miss it for good"
                }
            };
            (which, "SHARE ROW EXCLUSIVE", off)
        }
        TableAction::Rule { rule, .. } => (
            format!("the rule `{rule}`"),
            "ACCESS EXCLUSIVE",
            "statements of the serving release are rewritten in another way",
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
        } => "switches off",
        _ => "switches on",
    };
    let message = Message::new(
        format!("this {verb} {what} of {table}"),
        format!(
            "it takes {lock} on {table} until the migration is over, and counts for everybody; \
             {off}"
        ),
        "leave it on: a data migration in batches is slow enough for triggers; what must not fire \
         for it can ask for a setting, `WHEN (current_setting('app.copying', true) IS NULL)`, that \
         only it sets",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
