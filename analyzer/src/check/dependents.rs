//! What a clause drops, and what prevents that.

use crate::check::context::Context;
use crate::schema::Object;
use crate::statement::{Change, ObjectKind};

impl Context<'_> {
    /// The object that a change drops, and whether `CASCADE` drops what depends on it.
    pub(crate) fn dropped(&self, change: &Change) -> Option<(Object, bool)> {
        let (kind, name, part, cascade) = match change {
            Change::Drop {
                kind,
                name,
                part,
                cascade,
                ..
            } => (*kind, name, part.as_deref(), *cascade),
            Change::DropColumn {
                table,
                column,
                cascade,
                ..
            } => (ObjectKind::Column, table, Some(column.as_str()), *cascade),
            _ => return None,
        };
        // `DROP TABLE` of a view is refused for another reason.
        let known = self.schema.relation(name);
        let known = known.filter(|_| kind.is_of_table() && part.is_none());
        let is_that = known.is_none_or(|known| known.kind == kind);
        let object = self.schema.object(kind, name, part).filter(|_| is_that)?;
        Some((object, cascade))
    }

    /// The objects that the statement drops together with that of the clause, that one included. The
    /// actions of an `ALTER TABLE` run one after the other.
    pub(crate) fn dropped_together(&self) -> Vec<Object> {
        let clauses = self.statement.clauses.iter();
        let together = clauses.filter(|clause| {
            *clause == self.clause || matches!(clause.change, Change::Drop { part: None, .. })
        });
        let objects = together.filter_map(|clause| self.dropped(&clause.change));
        objects.map(|(object, _)| object).collect()
    }

    /// The objects because of which PostgreSQL refuses the drop without `CASCADE`, the newest first.
    pub(crate) fn blocking(&self) -> Vec<Object> {
        let dropped = self.dropped(self.change());
        let Some((object, _)) = dropped.filter(|(object, _)| self.schema.is_certainly(object))
        else {
            return Vec::new();
        };
        let mut dependents = self.schema.dependents(&object);
        if dependents.is_empty() {
            return dependents;
        }
        let together = self.dropped_together();
        dependents
            .retain(|one| self.schema.is_certainly(one) && !self.schema.goes_with(one, &together));
        dependents
    }
}
