//! What waits for data migrations. Pure.
//!
//! The build has checked each file behind those before it. So a startup migration that waits holds back the
//! startup migrations and the seeds behind it.

use crate::ledger::task::{Task, at_release, at_startup};
use crate::ledger::{Ledger, diff};
use crate::plan::Plan;
use crate::plan::version::{Category, Version};

/// A migration that is held back, and the data migrations that have to be done first.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) task: Task,
    pub(crate) missing: Vec<Version>,
}

/// The tasks in front of the first one that waits for a data migration that is neither done nor among the tasks
/// before it. A release migration does not wait: its run is refused.
pub(crate) fn open<'t>(tasks: &'t [Task], ledger: &Ledger) -> &'t [Task] {
    let comes =
        |version: &Version, before: &[Task]| before.iter().any(|one| one.version == *version);
    let waits = |(at, task): (usize, &Task)| {
        let before = tasks.get(..at).unwrap_or_default();
        task.version.category() != Category::Release
            && diff::is_pending(task, ledger)
            && diff::missing(task, ledger)
                .iter()
                .any(|version| !comes(version, before))
    };
    let first = tasks.iter().enumerate().position(waits);
    first.map_or(tasks, |first| tasks.get(..first).unwrap_or_default())
}

/// The startup migrations and seeds that wait, or that stand behind one that does.
pub(crate) fn held(plan: &Plan, ledger: &Ledger) -> Vec<Held> {
    let all = at_startup(plan.startup(), plan.seed());
    let open = open(&all, ledger).len();
    let behind = all.iter().skip(open);
    let mut missing = Vec::new();
    behind
        .filter(|task| diff::is_pending(task, ledger))
        .map(|task| {
            missing.extend(diff::missing(task, ledger));
            missing.sort_unstable();
            missing.dedup();
            Held {
                task: *task,
                missing: missing.clone(),
            }
        })
        .collect()
}

/// The same, and the release migrations that require data migrations which are not done.
pub(crate) fn held_of_all(plan: &Plan, ledger: &Ledger) -> Vec<Held> {
    let releases = at_release(plan.release()).into_iter();
    let releases = releases.map(|task| Held {
        task,
        missing: diff::missing(&task, ledger),
    });
    let releases = releases.filter(|held| !held.missing.is_empty());
    held(plan, ledger).into_iter().chain(releases).collect()
}

/// The first migration that keeps a release from being applied.
pub(crate) fn against_release(plan: &Plan, ledger: &Ledger) -> Option<Held> {
    let releases = at_release(plan.release()).into_iter();
    let mut pending = releases
        .filter(|task| diff::is_pending(task, ledger))
        .peekable();
    pending.peek()?;
    // The build has checked them behind every startup migration.
    let first = held(plan, ledger).into_iter().next();
    first.or_else(|| {
        pending
            .map(|task| Held {
                task,
                missing: diff::missing(&task, ledger),
            })
            .find(|held| !held.missing.is_empty())
    })
}

/// Whether a release can be kept back at all: none of the plan's data migrations is required otherwise.
pub(crate) fn may_refuse_release(plan: &Plan) -> bool {
    let releases = at_release(plan.release()).into_iter();
    let mut all = at_startup(plan.startup(), plan.seed())
        .into_iter()
        .chain(releases);
    all.any(|task| !task.requires.is_empty())
}

/// The startup migrations and seeds that some start may have to do without: those that require a data migration,
/// and those behind them.
pub(crate) fn may_be_held(plan: &Plan) -> Vec<Version> {
    let all = at_startup(plan.startup(), plan.seed());
    let behind = all.iter().skip_while(|task| task.requires.is_empty());
    behind.map(|task| task.version).collect()
}
