//! Tracks which objects may or may not exist.

use super::{Deed, Object, Origin, Schema};
use crate::statement::{Body, Change, Clause, Name, Statement};

impl Schema {
    /// Marks everything as uncertain: code has run that may have changed anything, or a text could not be
    /// read.
    pub(crate) fn mark_all_uncertain(&mut self, origin: Origin) {
        self.uncertain_since = Some(origin);
    }

    /// Whether an object that was created at this place certainly still exists.
    pub(crate) fn is_certain(&self, name: &Name, origin: &Origin) -> bool {
        let since = self.uncertain_since.as_ref();
        !self.uncertain.contains(name) && since.is_none_or(|since| origin.order() > since.order())
    }

    /// Marks an object and its parts as uncertain: they may or may not exist.
    pub(crate) fn mark_uncertain(&mut self, name: &Name) {
        self.uncertain.insert(name.clone());
    }

    /// Marks what a block names, if the block may not run as a whole.
    pub(super) fn mark_branches_uncertain(&mut self, body: &Body, origin: &Origin) {
        if !body.branches {
            return;
        }
        let mut falls = false;
        for change in changes(&body.statements) {
            falls |= matches!(
                change,
                Change::Drop { cascade: true, .. } | Change::DropColumn { cascade: true, .. }
            );
            self.uncertain.extend(change.names());
        }
        if falls {
            self.mark_all_uncertain(origin.clone());
        }
    }

    /// Applies what the calls of a statement certainly change, and marks what they may change: those of a routine whose body changes the schema or
    /// was not analyzed, and those of a routine that no file creates.
    pub(crate) fn apply_calls(&mut self, file: usize, statement: &Statement) {
        if !statement
            .clauses
            .iter()
            .any(|clause| clause.change.runs_queries())
        {
            return;
        }
        for call in &statement.calls {
            if !self.distribute(call) && self.deed(call) >= Deed::ChangesSchema {
                self.mark_all_uncertain(Origin {
                    file,
                    span: statement.span.clone(),
                });
            }
        }
    }

    /// Temporary objects end with the file in the model. On a server the session, and what they hide, may
    /// last longer.
    pub(crate) fn end_file(&mut self) {
        for (id, stays) in std::mem::take(&mut self.lookup.temporary) {
            let ended = self.relations.get(&id).map(|ended| ended.name.name.clone());
            self.drop_dependents(&Object::Relation(id));
            self.drop_relation(id);
            let hidden = ended.filter(|_| stays).map(|name| Name {
                schema: self.own.clone(),
                name,
            });
            self.uncertain.extend(hidden);
        }
    }
}

/// The changes of these statements, including those in nested blocks.
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
