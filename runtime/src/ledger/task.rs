//! A migration without the type of its category, once it is settled that it may run.

use sha2::{Digest, Sha256};

use crate::ledger::entry::LedgerEvent;
use crate::plan::checksum::Checksum;
use crate::plan::kind::{self, Kind};
use crate::plan::version::{Category, Version};
use crate::plan::{Migration, Plan, Step};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    pub(crate) version: Version,
    pub(crate) name: &'static str,
    pub(crate) checksum: Checksum,
    pub(crate) requires: &'static [Version],
    pub(crate) step: &'static Step,
    /// The digest of its own text, when it is a part of its file and not the last one.
    pub(crate) part: Option<Checksum>,
}

impl Task {
    fn of<K: Kind>(migration: &'static Migration<K>) -> Self {
        Self {
            version: migration.version(),
            name: migration.name(),
            checksum: migration.checksum(),
            requires: migration.requires(),
            step: migration.step(),
            part: None,
        }
    }

    /// The subject of a line, with nothing to run and no lock to ask for.
    pub(crate) const fn without_step(self) -> Self {
        const NOTHING: &Step = &Step::Transaction(&[]);
        Self {
            step: NOTHING,
            ..self
        }
    }

    /// Its parts: itself, unless it is a sequence.
    pub(crate) fn parts(self) -> Vec<Self> {
        let Step::Sequence { steps, .. } = self.step else {
            return vec![self];
        };
        let last = steps.len().saturating_sub(1);
        let part = |(n, step): (usize, &'static Step)| Self {
            step,
            part: (n < last).then(|| digest(step)),
            ..self
        };
        steps.iter().enumerate().map(part).collect()
    }

    /// The checksum in the line that records it as done.
    pub(crate) fn done_checksum(&self) -> Checksum {
        self.part.unwrap_or(self.checksum)
    }

    /// The event in the line that records it as done.
    pub(crate) const fn done(&self) -> LedgerEvent {
        if self.part.is_some() {
            return LedgerEvent::Finished;
        }
        match self.version.category() {
            Category::Seed => LedgerEvent::Seeded,
            Category::Data => LedgerEvent::DataDone,
            Category::Startup | Category::Release => LedgerEvent::Applied,
        }
    }
}

/// SHA-256 over the statements, each with a semicolon and a line break behind it.
fn digest(step: &Step) -> Checksum {
    let mut hash = Sha256::new();
    for statement in step.statements() {
        hash.update(statement.sql);
        hash.update(";\n");
    }
    Checksum(hash.finalize().into())
}

/// What a starting service may run. The types keep everything else out.
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

/// Everything in the plan, in the order in which the build checked it: as [`tasks`], but a data migration
/// stands before the first startup or release migration that requires it or a later data migration.
pub(crate) fn in_order(plan: &Plan) -> Vec<Task> {
    let mut all = Vec::new();
    let mut data = in_background(plan.data()).into_iter().peekable();
    let others = at_startup(plan.startup(), plan.seed());
    for task in others.into_iter().chain(at_release(plan.release())) {
        let last = task.requires.iter().max();
        while let Some(required) = data.next_if(|one| Some(&one.version) <= last) {
            all.push(required);
        }
        all.push(task);
    }
    all.extend(data);
    all
}

/// What a start of a fresh database runs: startup migrations, seeds, and the data migrations that they build on.
pub(crate) fn at_first_startup(plan: &Plan) -> Vec<Task> {
    let all = in_order(plan).into_iter();
    let mut all: Vec<_> = all
        .filter(|task| task.version.category() != Category::Release)
        .collect();
    let last = all
        .iter()
        .rposition(|task| task.version.category() != Category::Data);
    all.truncate(last.map_or(0, |last| last.saturating_add(1)));
    all
}

/// Everything in the plan, sorted by category.
pub(crate) fn tasks(plan: &Plan) -> Vec<Task> {
    let mut all = at_startup(plan.startup(), plan.seed());
    all.extend(at_release(plan.release()));
    all.extend(in_background(plan.data()));
    all
}

/// Those of one category, in their order.
pub(crate) fn of_category(plan: &Plan, category: Category) -> Vec<Task> {
    let all = tasks(plan).into_iter();
    all.filter(|task| task.version.category() == category)
        .collect()
}

/// For each task the digest over it and those before it, as the server calculates it over lines.
pub(crate) fn digests(tasks: &[Task]) -> impl Iterator<Item = Checksum> {
    let mut hash = Sha256::new();
    tasks.iter().map(move |task| {
        hash.update(task.version.to_string());
        hash.update(task.checksum.0);
        Checksum(hash.clone().finalize().into())
    })
}
