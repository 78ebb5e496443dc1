//! What each statement of a plan will hold up, whichever server it meets.

use std::collections::{BTreeMap, BTreeSet};

use crate::effect::{Effect, LockMode, effects_on};
use crate::judge::File;
use crate::schema::Schema;
use crate::settings::NEWEST;
use crate::source::Module;
use crate::statement::Name;

/// The effect of a statement on what is there before its migration, on all majors together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Foreseen {
    pub(crate) locks: Vec<(String, LockMode)>,
    pub(crate) rewrites: Vec<String>,
    pub(crate) scans: Vec<String>,
    pub(crate) opaque: bool,
}

/// For each file, for each of its statements.
pub(crate) fn foresee(module: &Module, files: &[File]) -> Vec<Vec<Foreseen>> {
    let mut schema = Schema::new(&module.schema);
    let mut all = Vec::with_capacity(files.len());
    for (index, file) in files.iter().enumerate() {
        let mut foreseen = Vec::with_capacity(file.statements.len());
        for statement in &file.statements {
            let effects = effects_on(statement, &schema, module.min_pg..=NEWEST);
            foreseen.push(together(effects, &schema, index));
            schema.run(index, statement);
        }
        all.push(foreseen);
    }
    all
}

fn together(effects: Vec<Effect>, schema: &Schema, file: usize) -> Foreseen {
    let is_old = |name: &Name| !schema.is_of(name, file);
    let has_rows = |name: &Name| {
        let is_index = schema.table_of_index(name).is_some();
        is_old(name) && !is_index && schema.sequence(name).is_none()
    };
    let mut locks: BTreeMap<Name, LockMode> = BTreeMap::new();
    let mut rewrites = BTreeSet::new();
    let mut scans = BTreeSet::new();
    let mut opaque = false;
    for effect in effects {
        opaque |= effect.opaque;
        for lock in effect
            .locks
            .into_iter()
            .filter(|lock| is_old(&lock.relation))
        {
            let known = locks.entry(lock.relation).or_insert(lock.mode);
            *known = (*known).max(lock.mode);
        }
        rewrites.extend(effect.rewrites.into_iter().filter(has_rows));
        scans.extend(effect.scans.into_iter().filter(is_old));
        let joined = effect
            .joins
            .into_iter()
            .flat_map(|join| [join.table, join.parent]);
        scans.extend(joined.filter(is_old));
    }
    let shown = |names: BTreeSet<Name>| names.iter().map(Name::to_string).collect();
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
