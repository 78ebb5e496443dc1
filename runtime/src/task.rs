//! A migration without the type of its category, once it is settled that it may run.

use crate::category::Category;
use crate::checksum::Checksum;
use crate::entry::Event;
use crate::kind::{self, Kind};
use crate::plan::{Migration, Plan, Step};
use crate::version::Version;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    pub(crate) version: Version,
    pub(crate) name: &'static str,
    pub(crate) checksum: Checksum,
    pub(crate) requires: &'static [Version],
    pub(crate) step: &'static Step,
}

impl Task {
    fn of<K: Kind>(migration: &'static Migration<K>) -> Self {
        Self {
            version: migration.version(),
            name: migration.name(),
            checksum: migration.checksum(),
            requires: migration.requires(),
            step: migration.step(),
        }
    }

    /// What the ledger calls it when the task is done.
    pub(crate) const fn done(&self) -> Event {
        match self.version.category() {
            Category::Seed => Event::Seeded,
            Category::Data => Event::DataDone,
            Category::Startup | Category::Release => Event::Applied,
        }
    }
}

/// What a starting service may run. That nothing else gets in is what the types are for.
pub(crate) fn at_startup(
    startup: &'static [Migration<kind::Startup>],
    seed: &'static [Migration<kind::Seed>],
) -> Vec<Task> {
    startup
        .iter()
        .map(Task::of)
        .chain(seed.iter().map(Task::of))
        .collect()
}

/// What an operator runs.
pub(crate) fn at_release(release: &'static [Migration<kind::Release>]) -> Vec<Task> {
    release.iter().map(Task::of).collect()
}

/// What the background worker runs.
pub(crate) fn in_background(data: &'static [Migration<kind::Data>]) -> Vec<Task> {
    data.iter().map(Task::of).collect()
}

/// Everything in the plan, in the order in which a fresh database is built.
pub(crate) fn tasks(plan: &Plan) -> Vec<Task> {
    let mut all = at_startup(plan.startup(), plan.seed());
    all.extend(at_release(plan.release()));
    all.extend(in_background(plan.data()));
    all
}
