//! The effects of each statement that go into the plan: the locks, rewrites and scans on all supported
//! versions together.

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
    pub(crate) fn of(effects: &[Effect], schema: &Schema, is_old: &dyn Fn(&Name) -> bool) -> Self {
        let has_rows = |name: &Name| {
            let is_index = schema.table_of_index(name).is_some();
            !is_index && schema.sequence(name).is_none()
        };
        let mut locks: Vec<(&Name, LockMode)> = Vec::new();
        let mut rewrites = Vec::new();
        let mut scans = Vec::new();
        let mut opaque = false;
        for effect in effects {
            opaque |= effect.opaque;
            for lock in &effect.locks {
                if is_old(&lock.relation) {
                    locks.push((&lock.relation, lock.mode));
                }
            }
            for name in &effect.rewrites {
                if is_old(name) && has_rows(name) {
                    rewrites.push(name);
                }
            }
            let mut scan = |name| {
                if is_old(name) {
                    scans.push(name);
                }
            };
            effect.scans.iter().for_each(&mut scan);
            effect.indexed.iter().for_each(&mut scan);
            for join in &effect.joins {
                scan(&join.table);
                scan(&join.parent);
            }
        }
        // The strongest lock on a relation is the last one.
        if locks.len() > 1 {
            locks.sort_unstable();
        }
        let mut strongest: Vec<(String, LockMode)> = Vec::with_capacity(locks.len());
        for (at, (name, mode)) in locks.iter().enumerate() {
            if locks.get(at + 1).is_none_or(|(next, _)| next != name) {
                strongest.push((name.to_string(), *mode));
            }
        }
        PlannedEffects {
            locks: strongest,
            rewrites: shown(rewrites),
            scans: shown(scans),
            opaque,
        }
    }
}

/// The names as text, each once and in their order.
fn shown(mut names: Vec<&Name>) -> Vec<String> {
    if names.is_empty() {
        return Vec::new();
    }
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(Name::to_string).collect()
}
