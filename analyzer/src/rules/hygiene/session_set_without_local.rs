//! Settings that stay in the session after the migration.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "session-set-without-local",
    summary: "a setting stays in the session after the migration has ended",
    page: include_str!("session_set_without_local.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Deny),
    check: Check::Of(&[Subject::Set, Subject::Call], &Check::Clause(check)),
};

/// Settings that have rules of their own.
const OTHERS: [&str; 3] = ["role", "session authorization", "search_path"];

fn check(context: &Context<'_>) -> Option<Message> {
    let is_first = context.is_first();
    let (what, help) = match context.change() {
        Change::Set { setting, .. } if OTHERS.contains(&setting.as_str()) => return None,
        Change::Set {
            local: false,
            setting,
            value: Some(value),
        } => (
            format!("this statement sets {setting} for the whole session"),
            format!("write `SET LOCAL {setting} = {value}`, which ends with the transaction"),
        ),
        Change::Set {
            setting,
            value: None,
            ..
        } => (
            format!("this statement resets {setting} for the whole session"),
            "remove the statement. To use the default only in this transaction, write `SET LOCAL ... TO DEFAULT`"
                .to_owned(),
        ),
        _ if is_first && sets_by_call(context) => (
            "this set_config() changes the setting for the whole session".to_owned(),
            "pass `true` as the last argument: then the setting ends with the transaction".to_owned(),
        ),
        _ => return None,
    };
    Some(Message::new(
        what,
        "the connection belongs to the service, or to a pool: its next user works with the changed setting",
        help,
    ))
}

/// `set_config(name, value, false)`. `search_path` has a rule of its own.
fn sets_by_call(context: &Context<'_>) -> bool {
    let mut calls = context.statement.calls.iter();
    calls.any(|call| {
        call.name == "set_config"
            && call.constant(2) == Some("false")
            && call.constant(0) != Some("search_path")
    })
}
