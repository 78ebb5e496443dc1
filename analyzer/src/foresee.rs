//! What each statement of a plan will hold up, whichever server it meets.

use std::collections::{BTreeMap, BTreeSet};

use crate::effect::{Effect, LockMode};
use crate::schema::Schema;
use crate::statement::Name;

/// The effect of a statement, on all majors together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Foreseen {
    pub(crate) locks: Vec<(String, LockMode)>,
    pub(crate) rewrites: Vec<String>,
    pub(crate) scans: Vec<String>,
    pub(crate) opaque: bool,
}

impl Foreseen {
    /// The effects of a statement on several majors together, on the relations that are asked for.
    pub(crate) fn of(effects: &[Effect], schema: &Schema, is_old: impl Fn(&Name) -> bool) -> Self {
        let has_rows = |name: &Name| {
            let is_index = schema.table_of_index(name).is_some();
            is_old(name) && !is_index && schema.sequence(name).is_none()
        };
        let mut locks: BTreeMap<&Name, LockMode> = BTreeMap::new();
        let mut rewrites = BTreeSet::new();
        let mut scans = BTreeSet::new();
        let mut opaque = false;
        for effect in effects {
            opaque |= effect.opaque;
            for lock in effect.locks.iter().filter(|lock| is_old(&lock.relation)) {
                let known = locks.entry(&lock.relation).or_insert(lock.mode);
                *known = (*known).max(lock.mode);
            }
            rewrites.extend(effect.rewrites.iter().filter(|name| has_rows(name)));
            let joins = effect.joins.iter();
            let joined = joins.flat_map(|join| [&join.table, &join.parent]);
            let scanned = effect.scans.iter().chain(joined);
            scans.extend(scanned.filter(|name| is_old(name)));
        }
        let shown = |names: BTreeSet<&Name>| names.into_iter().map(Name::to_string).collect();
        Foreseen {
            locks: locks
                .into_iter()
                .map(|(name, mode)| (name.to_string(), mode))
                .collect(),
            rewrites: shown(rewrites),
            scans: shown(scans),
            opaque,
        }
    }
}
