//! Which migrations share a transaction in a module that the run itself creates. Pure.
//!
//! What a run has created no other session uses yet, so nothing waits longer for a lock when several migrations are
//! committed at once. See `docs/adr/0031-a-new-module-is-created-in-shared-transactions.md`.

use std::collections::VecDeque;

use crate::ledger::Ledger;
use crate::ledger::task::Task;
use crate::plan::{Plan, Statement, Step};

/// How much text of migrations one transaction may have.
const MOST_TEXT: usize = 64 * 1024;

/// What may begin a statement that shares a transaction: it leaves no setting behind for the next migration, and does
/// not run for long without rows.
const PLAIN: [&str; 6] = ["ALTER", "COMMENT", "CREATE", "GRANT", "INSERT", "REVOKE"];

/// Whether everything in the module is this run's.
pub(crate) fn is_new(ledger: &Ledger, run: &str) -> bool {
    let mut entries = ledger.entries.iter();
    entries.all(|entry| entry.run.starts_with(run))
}

/// Takes the first one, and those behind it that may share its transaction, so many at most.
pub(crate) fn first(due: &mut VecDeque<Task>, plan: &Plan, most: usize) -> Vec<Task> {
    let mut left = MOST_TEXT;
    let category = due.front().map(|task| task.version.category());
    let shares = |task: &&Task| {
        let fits = text(task) <= left;
        left = left.saturating_sub(text(task));
        fits && Some(task.version.category()) == category && is_plain(task, plan)
    };
    let shared = due.iter().take(most).take_while(shares).count();
    due.drain(..shared.max(1).min(due.len())).collect()
}

fn text(task: &Task) -> usize {
    let statements = task.step.statements();
    statements.iter().map(|statement| statement.sql.len()).sum()
}

/// Whether it touches its own module only, and does what can be seen.
fn is_plain(task: &Task, plan: &Plan) -> bool {
    let is_plain = |statement: &Statement| {
        let mut words = statement.sql.split_ascii_whitespace();
        let (first, second) = (words.next(), words.next());
        let is_one = |word: &str, one: &str| word.eq_ignore_ascii_case(one);
        let is_known = first.is_some_and(|word| PLAIN.iter().any(|one| is_one(word, one)));
        let is_extension = second.is_some_and(|word| is_one(word, "EXTENSION"));
        let is_own = |relation: &str| {
            let name = relation.strip_prefix(plan.schema());
            name.is_some_and(|name| name.starts_with('.'))
        };
        let mut locks = statement.locks.iter();
        is_known && !is_extension && !statement.opaque && locks.all(|lock| is_own(lock.relation))
    };
    matches!(task.step, Step::Transaction(_))
        && task.part.is_none()
        && task.step.statements().iter().all(is_plain)
}
