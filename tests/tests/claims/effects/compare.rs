//! Compares predicted effects with measured ones.

use std::collections::{BTreeMap, BTreeSet};

use onward_analyzer::effect::LockMode::{AccessShare, RowExclusive};
use onward_analyzer::effect::{Effect, Lock, LockMode, Mode};
use onward_analyzer::schema::Schema;
use onward_analyzer::statement::{Change, Clause, Name, Statement, TableAction};

use super::server::{Messages, Seen};

/// All differences.
pub(crate) fn compare(
    statement: &Statement,
    schema: &Schema,
    effect: &Effect,
    seen: &Seen,
) -> Vec<String> {
    let rows_decide = changes_rows(statement);
    let is_idle = is_idle(statement);
    let is_block = |clause: &Clause| matches!(clause.change, Change::Do { .. });
    let is_block = statement.clauses.iter().any(is_block);
    let mut problems = Vec::new();
    for (what, predicted, seen) in [
        ("locks", &effect.locks, &seen.locks),
        ("index locks", &effect.index_locks, &seen.index_locks),
    ] {
        // Only a row advances the sequence of its table.
        let waits =
            |lock: &&Lock| schema.sequence(&lock.relation).is_some() && lock.mode == RowExclusive;
        let of_server = |lock: &&Lock| lock.relation.schema == "information_schema";
        let certain = |lock: &&Lock| !rows_decide && !is_idle && !waits(lock) && !of_server(lock);
        // The conditions of a block are queries that the analyzer does not read.
        let unseen = |mode: LockMode| effect.opaque || is_block && mode == AccessShare;
        let missing = predicted
            .iter()
            .filter(certain)
            .any(|lock| seen.get(&lock.relation.to_string()) != Some(&lock.mode));
        let predicted: BTreeMap<String, LockMode> = predicted.iter().map(by_name).collect();
        let more = seen
            .iter()
            .any(|(name, mode)| predicted.get(name) < Some(mode) && !unseen(*mode));
        if missing || more {
            problems.push(format!("{what}: {predicted:?} instead of {seen:?}"));
        }
    }
    if effect.opaque {
        return problems;
    }
    let rewrites: BTreeSet<String> = effect.rewrites.iter().map(Name::to_string).collect();
    let fewer = is_idle && seen.rewritten.is_subset(&rewrites);
    if rewrites != seen.rewritten && !fewer {
        problems.push(format!(
            "rewrites: {rewrites:?} instead of {:?}",
            seen.rewritten
        ));
    }
    let scans: BTreeSet<String> = effect.scans.iter().map(Name::to_string).collect();
    if !scans.is_subset(&seen.read) && !is_idle {
        problems.push(format!(
            "scans: {scans:?}, but only {:?} were read",
            seen.read
        ));
    }
    if effect.mode != Mode::Transactional {
        problems.push("runs in a transaction".to_owned());
    }
    // No session waits for the scan of a table that the statement creates itself.
    let is_old = |table: &&String| schema.relations().any(|one| one.name.name == **table);
    let verified = seen.messages.verified.iter().filter(is_old);
    let told = Messages {
        verified: verified.cloned().collect(),
        built: seen.messages.built.clone(),
        validated: seen.messages.validated.clone(),
    };
    let problems_of_messages = messages(effect, &told);
    problems.extend(problems_of_messages.into_iter().filter(|_| !is_idle));
    problems
}

/// Whether the statement changes nothing on this server: the role that runs the pages owns their
/// objects, and there is one tablespace.
fn is_idle(statement: &Statement) -> bool {
    statement.clauses.iter().any(|clause| match &clause.change {
        Change::Owner { role, .. } => role.eq_ignore_ascii_case("current_user"),
        Change::AlterTable { action, .. } => {
            *action == TableAction::SetTablespace("pg_default".to_owned())
        }
        _ => false,
    })
}

/// The server reports no more than was predicted, and about indexes and foreign keys no less.
pub(crate) fn messages(effect: &Effect, seen: &Messages) -> Vec<String> {
    let bare = |names: &[Name]| -> BTreeSet<String> {
        names.iter().map(|name| name.name.clone()).collect()
    };
    let mut problems = Vec::new();
    let scans = bare(&effect.scans);
    if !seen.verified.is_subset(&scans) {
        problems.push(format!("scans: {scans:?} instead of {:?}", seen.verified));
    }
    let builds = bare(&effect.builds);
    // `REINDEX CONCURRENTLY` gives the old name to the new index at its end.
    let built = seen
        .built
        .iter()
        .map(|name| name.trim_end_matches("_ccnew").to_owned());
    if builds != built.collect() {
        problems.push(format!("builds: {builds:?} instead of {:?}", seen.built));
    }
    let joins: BTreeSet<String> = effect.joins.iter().map(|join| join.key.clone()).collect();
    if joins != seen.validated {
        problems.push(format!("joins: {joins:?} instead of {:?}", seen.validated));
    }
    problems
}

fn by_name(lock: &Lock) -> (String, LockMode) {
    (lock.relation.to_string(), lock.mode)
}

/// Whether rows decide what is locked beside the table itself, or which branch of a block runs.
fn changes_rows(statement: &Statement) -> bool {
    statement.clauses.iter().any(|clause| {
        let inside = match &clause.change {
            Change::Do { body, .. } => body.branches || body.statements.iter().any(changes_rows),
            _ => false,
        };
        inside || clause.change.is_dml()
    })
}
