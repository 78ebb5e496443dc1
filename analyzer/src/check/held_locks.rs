//! The locks that a file holds until its transaction ends.

use std::ops::Range;

use crate::effect::{Effect, LockMode, Mode};
use crate::schema::{Relation, Schema};
use crate::statement::{Name, ObjectKind, Statement};

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
    let locks = effect.locks.iter().filter(|lock| is_old(&lock.relation));
    let held = locks.map(|lock| {
        let mut clauses = statement.clauses.iter();
        let own = clauses.find(|clause| clause.change.table() == Some(&lock.relation));
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

/// Adds the locks of a statement to those that the file holds already. A statement outside of a
/// transaction holds none afterwards.
pub(crate) fn keep(held: &mut Vec<HeldLock>, taken: Vec<HeldLock>, mode: Mode) {
    for new in taken.into_iter().filter(|_| mode == Mode::Transactional) {
        match held.iter_mut().find(|one| one.relation == new.relation) {
            Some(old) if old.mode < new.mode => *old = new,
            Some(_) => {}
            None => held.push(new),
        }
    }
}
