//! Locks and objects that stay in the session after the migration.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::statement::{Change, Command, OnCommit, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "session-state",
    summary: "a lock or an object stays in the session after the migration has ended",
    page: include_str!("session_state.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Deny),
    check: Check::Of(
        &[Subject::Other, Subject::CreateTable, Subject::Call],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let is_first = context.is_first();
    let called = is_first.then(|| called(context)).flatten();
    let (what, help) = state(context.change()).or(called)?;
    Some(Message::new(
        format!("{what} stays in the session after the migration has ended"),
        "the connection belongs to the service, or to a pool: its next user works with what this statement leaves \
         behind",
        help,
    ))
}

/// What stays in the session, and what to do instead.
fn state(change: &Change) -> Option<(&'static str, &'static str)> {
    match change {
        Change::Other { command, .. } => match command {
            Command::Discard => Some((
                "the effect of this DISCARD",
                "remove the statement. To use a default only in this transaction, write `SET LOCAL ... TO DEFAULT`",
            )),
            Command::Declare { hold: true } => {
                Some(("a cursor WITH HOLD", "declare the cursor without WITH HOLD"))
            }
            Command::Load => Some((
                "a library that LOAD has loaded",
                "let the server's administrator name the library in `session_preload_libraries`",
            )),
            Command::Listen => Some((
                "LISTEN",
                "let the service run LISTEN on a connection of its own",
            )),
            _ => None,
        },
        Change::CreateTable(create)
            if create.persistence == Persistence::Temporary
                && create.on_commit != Some(OnCommit::Drop) =>
        {
            Some(("a temporary table", "add `ON COMMIT DROP` to the table"))
        }
        _ => None,
    }
}

/// What the functions that the statement calls leave in the session.
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
