//! Objects that depend on others step by step, and how they are dropped.

use std::collections::BTreeSet;

use super::Object;
use crate::schema::{RelationId, Schema};
use crate::statement::ColumnValue;

impl Schema {
    /// The objects that depend on these, and those that depend on them in turn, each behind those that
    /// depend on it: the order in which they can be dropped one by one. The objects themselves are left
    /// out, and so are the parts of a table that is dropped.
    pub(crate) fn falls(&self, roots: &[Object]) -> Vec<Object> {
        let mut order = Vec::new();
        let mut seen: BTreeSet<Object> = BTreeSet::new();
        for root in roots {
            self.visit(root, &mut seen, &mut order);
        }
        let tables: BTreeSet<RelationId> = order
            .iter()
            .flat_map(|object| self.dropped_with(object))
            .collect();
        let stays = |object: &Object| object.table().is_none_or(|table| !tables.contains(&table));
        order.retain(|object| !roots.contains(object) && stays(object));
        order
    }

    /// Whether an object is one of these, or a part of one: then it is dropped with them.
    pub(crate) fn goes_with(&self, object: &Object, roots: &[Object]) -> bool {
        let tables = |table: RelationId| {
            let dropped = roots.iter().flat_map(|root| self.dropped_with(root));
            dropped.into_iter().any(|one| one == table)
        };
        let is_partition = matches!(object, Object::Relation(id) if tables(*id));
        roots.contains(object) || is_partition || object.table().is_some_and(tables)
    }

    fn visit(&self, object: &Object, seen: &mut BTreeSet<Object>, order: &mut Vec<Object>) {
        if seen.insert(object.clone()) {
            for dependent in self.dependents(object) {
                self.visit(&dependent, seen, order);
            }
            order.push(object.clone());
        }
    }

    /// The tables that are dropped with an object: itself and its partitions.
    pub(super) fn dropped_with(&self, object: &Object) -> Vec<RelationId> {
        match object {
            Object::Relation(id) => self.with_partitions(*id),
            Object::Column(..)
            | Object::Default(..)
            | Object::Constraint(..)
            | Object::Index(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::Published(..)
            | Object::Type(_)
            | Object::Attribute(..)
            | Object::Routine(_)
            | Object::Sequence(_)
            | Object::Collation(_)
            | Object::Extension(_)
            | Object::Schema(_) => Vec::new(),
        }
    }

    /// Drops what `CASCADE` drops in addition to the object.
    pub(in crate::schema) fn drop_dependents(&mut self, object: &Object) {
        for falling in self.falls(std::slice::from_ref(object)) {
            self.remove(&falling);
        }
        self.doubt_readers(object);
    }

    /// It is not known whether the views that name a column of this name, and read its table, use it.
    fn doubt_readers(&mut self, object: &Object) {
        let Object::Column(id, column) = object else {
            return;
        };
        let Some(name) = self.by_id(*id).and_then(|table| table.name_of(*column)) else {
            return;
        };
        let doubtful = self
            .dependents_of(Some(*id))
            .filter(|one| one.uses.doubtful.contains(name));
        let names: Vec<_> = doubtful.map(|view| view.name.clone()).collect();
        self.uncertain.extend(names);
    }

    fn remove(&mut self, object: &Object) {
        let Some((kind, name, part)) = self.named(object) else {
            return;
        };
        match object {
            Object::Default(..) => {
                if let Some(column) = part {
                    self.change_column(&name, &column, |column| column.value = ColumnValue::None);
                }
            }
            Object::Published(table, publication) => self.unpublish(*table, publication),
            Object::Relation(_)
            | Object::Column(..)
            | Object::Constraint(..)
            | Object::Index(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::Type(_)
            | Object::Attribute(..)
            | Object::Routine(_)
            | Object::Sequence(_)
            | Object::Collation(_)
            | Object::Extension(_)
            | Object::Schema(_) => self.drop(kind, &name, part.as_deref(), false, None),
        }
    }
}
