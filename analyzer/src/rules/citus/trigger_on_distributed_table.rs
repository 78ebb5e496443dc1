//! Triggers on tables that Citus spreads or copies to every server.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::intake::settings::Citus;
use crate::rules::facts::citus::{Placed, is_spread_already, placed};
use crate::statement::{Change, Name, ObjectKind, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "trigger-on-distributed-table",
    summary: "a trigger on a table that Citus spreads, or copies to every server",
    page: include_str!("trigger_on_distributed_table.md"),
    aliases: &[],
    group: Group::Citus,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(
        &[Subject::CreateTrigger, Subject::Drop, Subject::AlterTable],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    if let Some(Citus::Row {
        unsafe_triggers: true,
        ..
    }) = context.module.settings.citus
    {
        return None;
    }
    let (what, name, is_new) = subject(context.change())?;
    let table = context.schema.relation(name)?;
    let kind = match placed(context, table)? {
        Placed::By(_) => "spreads",
        Placed::Reference => "copies to every server",
        Placed::Schema => return None,
    };
    if !is_new && !is_spread_already(context, table) {
        return None;
    }
    Some(Message::new(
        format!("{what} {name}, which Citus {kind}"),
        "Citus refuses triggers on such tables, and does not distribute a table that has some: a trigger fires on each \
         server, and its function must find there all that it reads and writes",
        "if the function uses the row only, or rows of the same value of the distribution column, set \
         citus.enable_unsafe_triggers on all servers and write `unsafe_triggers = true` below `[citus]`; else do it in the \
         service",
    ))
}

/// What the clause does, to which table, and whether that already matters before the table is distributed.
fn subject(change: &Change) -> Option<(String, &Name, bool)> {
    match change {
        Change::CreateTrigger(create) => Some((
            format!("the trigger `{}` is on", create.trigger),
            &create.table,
            true,
        )),
        Change::Drop {
            kind: ObjectKind::Trigger,
            name,
            part: Some(part),
            ..
        } => Some((format!("this drops the trigger `{part}` of"), name, false)),
        Change::AlterTable {
            table,
            action: TableAction::Trigger { .. },
            ..
        } => Some((
            "this enables or disables a trigger of".to_owned(),
            table,
            false,
        )),
        _ => None,
    }
}
