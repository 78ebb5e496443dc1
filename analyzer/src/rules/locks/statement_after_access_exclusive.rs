//! Statements that take long while the file holds a lock that blocks writes.

use crate::check::context::Context;
use crate::check::held_locks::HeldLock;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::effect::{Effect, LockMode};
use crate::finding::{Message, Severity};
use crate::statement::{Change, Command, Name, Rows};

pub(super) static RULE: Rule = Rule {
    id: "statement-after-access-exclusive",
    summary: "scans, rewrites, builds or queries while the file holds ACCESS EXCLUSIVE or another lock \
              that blocks writes of a table in use",
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
    if !context.starts_statement() || !context.held.iter().any(blocks_writes) {
        return None;
    }
    let effect = context.effects();
    let what = work(context, &effect);
    let sampled = analyzed(context);
    // Work under a lock that the statement itself takes on the same table is reported by other rules.
    let own = |held: &HeldLock| {
        let same =
            |lock: &crate::effect::Lock| lock.relation == held.relation && lock.mode >= held.mode;
        effect.locks.iter().any(same)
    };
    let validated = match context.change() {
        Change::ValidateConstraint { table, .. } => context.held_on(table),
        _ => None,
    };
    // `validate-in-same-transaction` reports a scan under a lock on the same table.
    let is_validated = validated.is_some_and(HeldLock::is_strong);
    let is_strongest = |held: &&HeldLock| held.mode == LockMode::AccessExclusive;
    let is_other = |held: &&HeldLock| {
        let validates = validated.is_some_and(|one| one.relation == held.relation);
        blocks_writes(held) && !own(held) && !validates
    };
    let strongest = context.held.iter().filter(is_other).find(is_strongest);
    let (held, what) = match strongest {
        Some(held) => (held, what.or(sampled)?),
        None => {
            let held = context
                .held
                .iter()
                .filter(|_| !is_validated)
                .find(is_other)?;
            (held, what.filter(|_| is_long(context.change()))?)
        }
    };
    let blocked = match held.mode {
        LockMode::AccessExclusive => "reads and writes",
        _ => "writes",
    };
    let message = Message::new(
        format!(
            "{what} while the file holds {} on {}",
            held.mode, held.relation
        ),
        format!(
            "the lock is kept until the transaction ends: {blocked} of {} are blocked for as long as this \
             statement runs",
            held.relation
        ),
        "move this statement into a file of its own, and make the statement with the strong lock the \
         last one of its file",
    );
    let is_weaker = held.mode < LockMode::AccessExclusive;
    let message = message.mild(is_weaker, Severity::Deny);
    Some(message.with_related(context.taken(context.file, held)))
}

fn blocks_writes(held: &HeldLock) -> bool {
    held.mode >= LockMode::Share
}

/// Whether a change of rows can be long: not for rows that the file itself lists.
fn is_long(change: &Change) -> bool {
    match change {
        Change::Insert(insert) => !matches!(insert.rows, Rows::Default | Rows::Values(_)),
        _ => true,
    }
}

/// `ANALYZE` reads a sample of a table, which can take seconds.
fn analyzed(context: &Context<'_>) -> Option<String> {
    let mut clauses = context.statement.clauses.iter();
    clauses.find_map(|clause| match &clause.change {
        Change::Other {
            command: Command::Analyze,
            object,
            ..
        } => match object {
            Some(table) if context.is_old_table(table) => Some(format!("analyzes {table}")),
            Some(_) => None,
            None => Some("analyzes all tables".to_owned()),
        },
        _ => None,
    })
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
    if let Some(table) = effect.indexed.iter().find(is_old) {
        return Some(format!("builds an index on {table}"));
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
