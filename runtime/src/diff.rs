//! What the plan and the ledger make of each other. Pure: no clock, no server.

use std::collections::BTreeMap;

use crate::category::Category;
use crate::drift::Drift;
use crate::ledger::Ledger;
use crate::plan::Plan;
use crate::task::{Task, tasks};
use crate::version::Version;

/// Whether the task is still to do. A seed comes back with every text that was never applied.
pub(crate) fn is_pending(task: &Task, ledger: &Ledger) -> bool {
    match task.version.category() {
        Category::Seed => !ledger.has_seen(task.version, task.checksum),
        Category::Startup | Category::Release | Category::Data => ledger.done(task.version).is_none(),
    }
}

/// Every disagreement, in the order of the versions.
///
/// What is newer than the plan and breaks nobody is none: an old binary keeps working on a database
/// that a newer one has added to.
pub(crate) fn drift(plan: &Plan, ledger: &Ledger) -> Vec<Drift> {
    let tasks = tasks(plan);
    let last_planned = last(tasks.iter().map(|task| task.version));
    let last_done = last(ledger.entries.iter().filter(|entry| entry.event.is_done()).map(|entry| entry.version));
    let known = tasks.iter().filter_map(|task| match ledger.done(task.version) {
        Some(entry) => (task.version.category() != Category::Seed && entry.checksum != task.checksum)
            .then(|| Drift::Modified {
                version: task.version,
                name: task.name.to_owned(),
                applied: entry.checksum,
                planned: task.checksum,
            }),
        None => last_done
            .get(&task.version.category())
            .filter(|after| task.version < **after)
            .map(|after| Drift::OutOfOrder {
                version: task.version,
                name: task.name.to_owned(),
                after: *after,
            }),
    });
    let foreign = strangers(&tasks, ledger).into_iter().filter_map(|(version, name)| {
        let category = version.category();
        if last_planned.get(&category).is_some_and(|last| version < *last) {
            return Some(Drift::Unknown { version, name });
        }
        match category {
            Category::Release => {
                ledger.done(version).map(|_| Drift::ReleaseAhead { version, name })
            }
            Category::Startup | Category::Seed | Category::Data => None,
        }
    });
    let mut all: Vec<_> = known.chain(foreign).collect();
    all.sort_by_key(Drift::version);
    all
}

/// What the ledger has, done or begun, and the plan does not.
fn strangers(tasks: &[Task], ledger: &Ledger) -> BTreeMap<Version, String> {
    ledger
        .entries
        .iter()
        .filter(|entry| tasks.iter().all(|task| task.version != entry.version))
        .filter(|entry| {
            ledger.done(entry.version).is_some() || ledger.open_attempt(entry.version).is_some()
        })
        .map(|entry| (entry.version, entry.name.clone()))
        .collect()
}

fn last(versions: impl Iterator<Item = Version>) -> BTreeMap<Category, Version> {
    let mut versions: Vec<_> = versions.collect();
    versions.sort_unstable();
    versions.into_iter().map(|version| (version.category(), version)).collect()
}
