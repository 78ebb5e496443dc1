//! Statements that take long while the file holds `ACCESS EXCLUSIVE`.

use crate::check::context::Context;
use crate::check::held_locks::HeldLock;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::effect::{Effect, LockMode};
use crate::finding::Message;
use crate::statement::{Change, Name};

pub(super) static RULE: Rule = Rule {
    id: "statement-after-access-exclusive",
    summary: "scans, rewrites, builds or queries while the file holds ACCESS EXCLUSIVE on a table in \
              use",
    page: include_str!("statement_after_access_exclusive.md"),
    aliases: &[
        "E4",
        "runningStatementWhileHoldingAccessExclusive",
        "CREATE_INDEX_EXCLUSIVE",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let is_strongest = |held: &&HeldLock| held.mode == LockMode::AccessExclusive;
    if !context.starts_statement() || !context.held.iter().any(|held| is_strongest(&held)) {
        return None;
    }
    let effect = context.effects();
    let what = work(context, &effect)?;
    // Work under a lock that the statement itself takes on the same table is reported by other rules.
    let own = |held: &&HeldLock| {
        let same = |lock: &crate::effect::Lock| {
            lock.relation == held.relation && lock.mode == LockMode::AccessExclusive
        };
        effect.locks.iter().any(same)
    };
    let is_told = |held: &&HeldLock| {
        let validates = matches!(
            context.change(),
            Change::ValidateConstraint { table, .. } if *table == held.relation
        );
        is_strongest(held) && !own(held) && !validates
    };
    let held = context.held.iter().find(is_told)?;
    let message = Message::new(
        format!(
            "{what} while the file holds ACCESS EXCLUSIVE on {}",
            held.relation
        ),
        format!(
            "the lock is kept until the transaction ends: reads and writes of {} are blocked for as \
             long as this statement runs",
            held.relation
        ),
        "move this statement into a file of its own, and make the statement with the strong lock the \
         last one of its file",
    );
    Some(message.with_related(context.taken(context.file, held)))
}

/// What the statement does that takes longer the larger a table of an earlier file is.
fn work(context: &Context<'_>, effect: &Effect) -> Option<String> {
    let is_old = |table: &&Name| context.is_old_table(table);
    let makes_table = matches!(context.change(), Change::CreateTable(_));
    let table = context.change().table().filter(|_| !makes_table);
    if let Some(table) = effect
        .rewrites
        .iter()
        .find(|name| is_table(context, name) && is_old(name))
    {
        return Some(format!("rewrites {table}"));
    }
    if let Some(table) = effect.scans.iter().find(is_old) {
        return Some(format!("scans all of {table}"));
    }
    if let Some(join) = effect
        .joins
        .iter()
        .find(|join| context.is_old_table(&join.table))
    {
        return Some(format!("joins {} with {}", join.table, join.parent));
    }
    if let Some(table) = table.filter(|_| !effect.builds.is_empty()).filter(is_old) {
        return Some(format!("builds an index on {table}"));
    }
    if let Some(table) = table.filter(|_| context.change().is_dml()).filter(is_old) {
        return Some(format!("changes rows of {table}"));
    }
    let runs_query = match context.change() {
        Change::CreateTable(create) => create.from_query,
        Change::CreateView(create) => create.materialized && create.with_data,
        Change::RefreshView { .. } | Change::Query => true,
        change => change.is_dml(),
    };
    let reads = context.statement.uses.iter().map(|used| &used.relation);
    let read = reads.filter(|_| runs_query).find(is_old)?;
    Some(format!("reads {read}"))
}

fn is_table(context: &Context<'_>, name: &Name) -> bool {
    context.schema.relation(name).is_some()
}
