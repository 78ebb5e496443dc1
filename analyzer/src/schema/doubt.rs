//! What is not certain any more.

use super::{Origin, Schema};
use crate::statement::{Body, Change, Clause, Name, Statement};

impl Schema {
    /// From here on anything may have changed: code has run, or a text could not be read.
    pub(crate) fn lose_track(&mut self, origin: Origin) {
        self.lost = Some(origin);
    }

    /// Whether something that was made there is still there for certain.
    pub(crate) fn is_certain(&self, name: &Name, origin: &Origin) -> bool {
        let lost = self.lost.as_ref();
        !self.doubts.contains(name) && lost.is_none_or(|lost| origin.order() > lost.order())
    }

    /// From here on the object, and what belongs to it, may be there or not.
    pub(crate) fn doubt(&mut self, name: &Name) {
        self.doubts.insert(name.clone());
    }

    /// Whatever a block speaks of that may not run as a whole.
    pub(super) fn doubt_branches(&mut self, body: &Body, origin: &Origin) {
        if !body.branches {
            return;
        }
        let mut falls = false;
        for change in changes(&body.statements) {
            falls |= matches!(
                change,
                Change::Drop { cascade: true, .. } | Change::DropColumn { cascade: true, .. }
            );
            self.doubts.extend(change.names());
        }
        if falls {
            self.lose_track(origin.clone());
        }
    }

    /// What is temporary ends with the file; the session, and what it hides, may last longer.
    pub(crate) fn end_file(&mut self) {
        for id in std::mem::take(&mut self.lookup.temporary) {
            let name = self.relations.get(&id).map(|ended| ended.name.clone());
            self.drop_relation(id, true);
            self.doubts.extend(name);
        }
    }
}

/// What the statements do, blocks inside of blocks included.
fn changes(statements: &[Statement]) -> impl Iterator<Item = &Change> {
    let mut left: Vec<&Clause> = statements.iter().flat_map(|one| &one.clauses).collect();
    std::iter::from_fn(move || {
        let change = &left.pop()?.change;
        if let Change::Do { body, .. } = change {
            left.extend(body.statements.iter().flat_map(|one| &one.clauses));
        }
        Some(change)
    })
}
