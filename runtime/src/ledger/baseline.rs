//! A file that stands for all startup migrations which a squash has put together.

use sha2::{Digest as _, Sha256};

use crate::ledger::Ledger;
use crate::ledger::entry::{Entry, LedgerEvent};
use crate::plan::Plan;
use crate::plan::checksum::Checksum;
use crate::plan::version::{Category, Version};

impl Ledger {
    /// Takes the plan's baseline as applied where all that it replaces is: lines for that are still to be written.
    pub(crate) fn with_baseline(mut self, plan: &Plan) -> Self {
        let (Some(baseline), Some(first)) = (plan.baseline(), plan.startup().first()) else {
            return self;
        };
        let replaced = self.replaced_by(baseline.through);
        if self.has_seen(first.version(), first.checksum()) || digest(&replaced) != baseline.digest
        {
            return self;
        }
        let Some(last) = replaced.iter().max_by_key(|entry| entry.seq).cloned() else {
            return self;
        };
        let is_replaced = |version: Version| replaced.iter().any(|one| one.version == version);
        let stands = Entry {
            event: LedgerEvent::Baseline,
            version: first.version(),
            name: first.name().to_owned(),
            checksum: first.checksum(),
            ..last
        };
        let kept = self
            .entries
            .iter()
            .filter_map(|entry| match entry.seq == stands.seq {
                true => Some(stands.clone()),
                false => (!is_replaced(entry.version)).then(|| entry.clone()),
            });
        self.entries = kept.collect();
        self.replaced = replaced;
        self
    }

    /// The last of what the plan's baseline replaces, where some of it is applied and some is not.
    pub(crate) fn behind_baseline(&self, plan: &Plan) -> Option<(Version, String)> {
        let (baseline, first) = (plan.baseline()?, plan.startup().first()?);
        if self.has_seen(first.version(), first.checksum()) {
            return None;
        }
        let replaced = self.replaced_by(baseline.through);
        Some((first.version(), replaced.last()?.name.clone()))
    }

    fn replaced_by(&self, through: Version) -> Vec<Entry> {
        let startup = self.applied().into_iter();
        let startup = startup.filter(|version| version.category() == Category::Startup);
        startup
            .filter(|version| *version <= through)
            .filter_map(|version| self.done(version).cloned())
            .collect()
    }
}

/// Over what is replaced, as `onward squash` writes it into the baseline.
fn digest(replaced: &[Entry]) -> Checksum {
    let mut hash = Sha256::new();
    for entry in replaced {
        hash.update(entry.version.to_string());
        hash.update(entry.checksum.to_string());
    }
    Checksum(hash.finalize().into())
}
