//! The locks that a file holds until its transaction ends.

use std::collections::BTreeMap;
use std::ops::{Deref, Range};

use crate::effect::{Effect, Lock, LockMode, Mode};
use crate::schema::{Relation, Schema};
use crate::statement::{Clause, Name, ObjectKind, Statement};

/// A lock on a relation that is older than the file, held until the transaction ends.
#[derive(Clone, Debug)]
pub(crate) struct HeldLock {
    pub(crate) relation: Name,
    /// The strongest mode so far.
    pub(crate) mode: LockMode,
    /// The byte range of the clause that took it.
    pub(crate) span: Range<usize>,
    /// Whether the statement is about another table, as a foreign key on that table references this one.
    pub(crate) aside: bool,
}

/// The locks of a file, in the order in which it takes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeldLocks {
    locks: Vec<HeldLock>,
    /// Where the lock on each relation is.
    places: BTreeMap<Name, usize>,
}

impl Deref for HeldLocks {
    type Target = [HeldLock];

    fn deref(&self) -> &Self::Target {
        &self.locks
    }
}

impl HeldLocks {
    /// The lock on a relation.
    pub(crate) fn on(&self, relation: &Name) -> Option<&HeldLock> {
        self.locks.get(*self.places.get(relation)?)
    }

    /// The position of a relation's lock among all.
    pub(crate) fn position(&self, relation: &Name) -> Option<usize> {
        self.places.get(relation).copied()
    }

    /// Adds the locks of a statement. A statement outside of a transaction holds none afterwards.
    pub(crate) fn keep(&mut self, taken: Vec<HeldLock>, mode: Mode) {
        for new in taken.into_iter().filter(|_| mode == Mode::Transactional) {
            let known = self.position(&new.relation);
            match known.and_then(|at| self.locks.get_mut(at)) {
                Some(old) if old.mode < new.mode => *old = new,
                Some(_) => {}
                None => {
                    self.places.insert(new.relation.clone(), self.locks.len());
                    self.locks.push(new);
                }
            }
        }
    }
}

impl HeldLock {
    /// Whether writes wait for the lock, and the lock waits for writes.
    pub(crate) fn is_strong(&self) -> bool {
        self.mode >= LockMode::ShareRowExclusive
    }
}

/// The locks that a statement takes on relations of earlier files, and on those whose origin is not
/// known.
pub(crate) fn taken(
    statement: &Statement,
    effect: &Effect,
    schema: &Schema,
    file: usize,
) -> Vec<HeldLock> {
    // A view has no rows to protect, and the tables that it reads have their own locks.
    let counts =
        |relation: &Relation| relation.origin.file != file && relation.kind != ObjectKind::View;
    let is_old = |name: &Name| {
        !name.is_temporary()
            && schema.sequence(name).is_none()
            && schema.relation(name).is_none_or(counts)
    };
    let mut locks: Vec<&Lock> = Vec::new();
    for lock in &effect.locks {
        if is_old(&lock.relation) {
            locks.push(lock);
        }
    }
    if locks.is_empty() {
        return Vec::new();
    }
    let mut clauses: BTreeMap<&Name, &Clause> = BTreeMap::new();
    for clause in &statement.clauses {
        if let Some(table) = clause.change.table() {
            clauses.entry(table).or_insert(clause);
        }
    }
    let held = locks.into_iter().map(|lock| {
        let own = clauses.get(&lock.relation).copied();
        let clause = own.or(statement.clauses.first());
        HeldLock {
            relation: lock.relation.clone(),
            mode: lock.mode,
            span: clause.map_or_else(|| statement.span.clone(), |clause| clause.span.clone()),
            aside: own.is_none(),
        }
    });
    held.collect()
}
