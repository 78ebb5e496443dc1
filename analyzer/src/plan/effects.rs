//! What each statement of a plan will hold up, whichever server it meets.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::effect::{Effect, LockMode, Mode};
use crate::schema::Schema;
use crate::statement::Name;

/// A statement and what it does to others.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let analysis = analyze(Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (b bigint PRIMARY KEY);")]));
/// assert_eq!(analysis.statements[0].kind, "create-table");
/// assert_eq!(analysis.statements[0].mode, onward_analyzer::effect::Mode::Transactional);
/// ```
#[derive(Clone, Debug)]
pub struct AnalyzedStatement {
    /// The index of its file in the module's `sources`.
    pub source: usize,
    /// Its bytes in the file, without the semicolon.
    pub span: Range<usize>,
    /// What it is, as one stable word.
    pub kind: String,
    /// How it stands to transactions.
    pub mode: Mode,
    /// The strongest lock on each relation that is there before it, as `schema.name`, on any supported
    /// PostgreSQL from the module's oldest on.
    pub locks: Vec<(String, LockMode)>,
    /// The tables and materialized views of which every row is written anew.
    pub rewrites: Vec<String>,
    /// The tables of which every row is looked at, those of foreign keys included.
    pub scans: Vec<String>,
    /// The same for what is there before the migration.
    pub(crate) ahead: PlannedEffects,
}

/// The effect of a statement, on all majors together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlannedEffects {
    pub(crate) locks: Vec<(String, LockMode)>,
    pub(crate) rewrites: Vec<String>,
    pub(crate) scans: Vec<String>,
    pub(crate) opaque: bool,
}

impl PlannedEffects {
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
        PlannedEffects {
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
