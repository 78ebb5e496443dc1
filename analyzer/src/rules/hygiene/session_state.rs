//! Locks and objects that outlive the migration.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::finding::{Message, Severity};
use crate::statement::{Change, Command, OnCommit, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "session-state",
    summary: "a lock or object that stays in the session when the migration is over",
    page: include_str!("session_state.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Deny),
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let is_first = context.is_first();
    let called = is_first.then(|| called(context)).flatten();
    let (what, help) = state(context.change()).or(called)?;
    Some(Message::new(
        format!("{what} stays in the session when the migration is over"),
        "the connection belongs to the service, or to a pool that hands it to somebody else, who \
         then works with it",
        help,
    ))
}

/// What stays, and what to do instead.
fn state(change: &Change) -> Option<(&'static str, &'static str)> {
    match change {
        Change::Other { command, .. } => match command {
            Command::Discard => Some((
                "what this takes back",
                "leave the session's settings to its owner; `SET LOCAL ... TO DEFAULT` ends with the \
                 transaction",
            )),
            Command::Declare { hold: true } => {
                Some(("a cursor WITH HOLD", "declare it without WITH HOLD"))
            }
            Command::Listen => Some((
                "LISTEN",
                "let the service listen, on a connection of its own",
            )),
            _ => None,
        },
        Change::CreateTable(create)
            if create.persistence == Persistence::Temporary
                && create.on_commit != Some(OnCommit::Drop) =>
        {
            Some(("a temporary table", "end it with `ON COMMIT DROP`"))
        }
        _ => None,
    }
}

/// What the functions that the statement calls leave behind.
fn called(context: &Context<'_>) -> Option<(&'static str, &'static str)> {
    context
        .statement
        .calls
        .iter()
        .find_map(|call| match call.name.as_str() {
            "pg_advisory_lock"
            | "pg_advisory_lock_shared"
            | "pg_try_advisory_lock"
            | "pg_try_advisory_lock_shared" => Some((
                "this advisory lock",
                "take `pg_advisory_xact_lock(...)`, which ends with the transaction",
            )),
            _ => None,
        })
}
