//! The effect of all statements of a form together.

use std::collections::BTreeMap;

use onward_analyzer::effect::{Effect, Lock, LockMode, Mode};
use onward_analyzer::statement::Name;

use super::{Modes, Names};

#[derive(Debug, Default)]
pub(crate) struct Total {
    pub(crate) locks: Modes,
    pub(crate) index_locks: Modes,
    pub(crate) rewrites: Names,
    pub(crate) scans: Names,
    pub(crate) joins: Names,
    pub(crate) builds: Names,
    pub(crate) outside: bool,
}

impl Total {
    /// Adds an effect; an object that an earlier statement of the form has created is not `is_old`.
    pub(crate) fn add(&mut self, effect: Effect, is_old: impl Fn(&Name) -> bool) {
        let names = |names: Vec<Name>| names.into_iter().map(|name| name.to_string());
        let locks = effect
            .locks
            .into_iter()
            .filter(|lock| is_old(&lock.relation));
        strengthen(&mut self.locks, locks);
        strengthen(&mut self.index_locks, effect.index_locks.into_iter());
        self.rewrites.extend(names(effect.rewrites));
        self.scans.extend(names(effect.scans));
        self.joins
            .extend(effect.joins.into_iter().map(|join| join.key));
        self.builds.extend(names(effect.builds));
        self.outside |= effect.mode != Mode::Transactional;
    }
}

fn strengthen(all: &mut BTreeMap<String, String>, locks: impl Iterator<Item = Lock>) {
    for lock in locks {
        let name = lock.relation.to_string();
        let known = all.get(&name).and_then(|mode| LockMode::spelled(mode));
        let strongest = known.map_or(lock.mode, |known| known.max(lock.mode));
        all.insert(name, strongest.to_string());
    }
}
