//! The effects of each statement that go into the plan: the locks, rewrites and scans on all supported
//! versions together.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::effect::{Effect, LockMode, Mode};
use crate::schema::Schema;
use crate::statement::Name;

/// A statement, with its effects on other sessions.
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
    /// The byte range in the file, without the semicolon.
    pub span: Range<usize>,
    /// The kind of statement, as one stable word such as `create-table`.
    pub kind: String,
    /// Whether it can run in a transaction.
    pub mode: Mode,
    /// The strongest lock on each relation that exists before it, as `schema.name`, on any supported
    /// PostgreSQL from the module's oldest on.
    pub locks: Vec<(String, LockMode)>,
    /// The tables and materialized views that are rewritten in full.
    pub rewrites: Vec<String>,
    /// The tables that are scanned in full, those of foreign keys included.
    pub scans: Vec<String>,
    /// The same effects, only on relations that exist before the migration.
    pub(crate) ahead: PlannedEffects,
}

/// The effects of a statement on all supported major versions together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlannedEffects {
    pub(crate) locks: Vec<(String, LockMode)>,
    pub(crate) rewrites: Vec<String>,
    pub(crate) scans: Vec<String>,
    pub(crate) opaque: bool,
}

impl PlannedEffects {
    /// Merges the effects of a statement on several major versions, for the relations that `is_old`
    /// selects.
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
            let scanned = effect.scans.iter().chain(&effect.indexed).chain(joined);
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
