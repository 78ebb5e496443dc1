//! What the history no longer knows for certain.

use super::{Origin, Schema};
use crate::statement::{Body, Call, Change, Clause, Name, Statement};

impl Schema {
    /// From here on anything may have changed: code has run, or a text could not be read.
    pub(crate) fn mark_all_uncertain(&mut self, origin: Origin) {
        self.uncertain_since = Some(origin);
    }

    /// Whether something that was created there certainly still exists.
    pub(crate) fn is_certain(&self, name: &Name, origin: &Origin) -> bool {
        let since = self.uncertain_since.as_ref();
        !self.uncertain.contains(name) && since.is_none_or(|since| origin.order() > since.order())
    }

    /// From here on the object, and what belongs to it, may be there or not.
    pub(crate) fn mark_uncertain(&mut self, name: &Name) {
        self.uncertain.insert(name.clone());
    }

    /// What a block names that may not run as a whole.
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

    /// What a statement about rows calls may change the schema: a routine of the module whose body does, or
    /// was not read, and all of other schemas.
    pub(crate) fn mark_calls_uncertain(&mut self, file: usize, statement: &Statement) {
        if !statement
            .clauses
            .iter()
            .any(|clause| is_of_rows(&clause.change))
        {
            return;
        }
        let may_change = |call: &Call| {
            let schema = call.schema.as_deref();
            let name = Name {
                schema: schema.unwrap_or(&self.own).to_owned(),
                name: call.name.clone(),
            };
            let known = self.routines(&name);
            schema != Some("pg_catalog")
                && (known.iter().any(|routine| !routine.only_rows)
                    || known.is_empty() && schema.is_some())
        };
        if statement.calls.iter().any(may_change) {
            self.mark_all_uncertain(Origin {
                file,
                span: statement.span.clone(),
            });
        }
    }

    /// What is temporary ends with the file; the session, and what it hides, may last longer.
    pub(crate) fn end_file(&mut self) {
        for id in std::mem::take(&mut self.lookup.temporary) {
            let name = self.relations.get(&id).map(|ended| ended.name.clone());
            self.drop_relation(id, true);
            self.uncertain.extend(name);
        }
    }
}

/// Whether a statement runs its calls at once.
fn is_of_rows(change: &Change) -> bool {
    match change {
        Change::CreateTable(create) => create.from_query,
        change => change.is_dml() || matches!(change, Change::Query),
    }
}

/// Whether a body leaves the schema as it is.
pub(super) fn only_rows(body: &Body) -> bool {
    let calls = body.statements.iter().flat_map(|one| &one.calls);
    let mut others = calls.filter(|call| {
        let schema = call.schema.as_deref();
        schema.is_some_and(|schema| schema != "pg_catalog")
    });
    let unread = |change: &Change| {
        change.is_ddl() || matches!(change, Change::Opaque { .. } | Change::Unknown { .. })
    };
    others.next().is_none() && !changes(&body.statements).any(unread)
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
