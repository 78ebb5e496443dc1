//! Drops an object, with everything that PostgreSQL drops along with it.

use std::sync::Arc;

use super::lookup::target;
use super::not_null::make_nullable;
use super::{Class, ColumnId, ConstraintKind, Namespace, Origin, RelationId, Schema};
use crate::statement::{Bound, DataType, Name, ObjectKind};

impl Schema {
    /// Drops an object; with `CASCADE`, first what depends on it.
    pub(super) fn drop(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        part: Option<&str>,
        cascade: bool,
        arguments: Option<&[DataType]>,
    ) {
        if let Some(object) = self.object(kind, name, part).filter(|_| cascade) {
            self.drop_dependents(&object);
        }
        match (Namespace::of(kind), part) {
            (Namespace::Relation, _) => {
                if let Some(id) = self.id(name) {
                    self.drop_relation(id);
                }
            }
            (Namespace::Index, _) => self.drop_index(name),
            (Namespace::Sequence, _) => self.drop_sequence(name),
            (Namespace::Type, _) => self.drop_type(name),
            (Namespace::Routine, _) => {
                self.drop_routine(name, arguments);
            }
            (Namespace::Column, Some(column)) => self.drop_column(name, column),
            (Namespace::Constraint, Some(constraint)) => self.drop_constraint(name, constraint),
            (Namespace::Trigger, Some(part)) => {
                if let Some(relation) = self.relation_mut(name) {
                    relation.triggers.retain(|trigger| trigger.name != part);
                }
            }
            (Namespace::Policy, Some(part)) => {
                if let Some(relation) = self.relation_mut(name) {
                    relation.policies.retain(|policy| policy.name != part);
                }
            }
            (Namespace::Rule, Some(part)) => {
                if let Some(relation) = self.relation_mut(name) {
                    relation.rules.retain(|rule| rule.name != part);
                }
            }
            (Namespace::Attribute, Some(part)) => {
                if let Some(attributes) = self.attributes_mut(name) {
                    attributes.retain(|attribute| attribute.name != part);
                }
            }
            (Namespace::Schema, _) => self.drop_schema(kind, name),
            (Namespace::Other, _) => {
                self.others.remove(&(kind, name.clone()));
                if kind == ObjectKind::Extension {
                    self.drop_extension(&name.name, cascade);
                } else if kind == ObjectKind::Publication {
                    self.publications.remove(&name.name);
                }
            }
            (
                Namespace::Column
                | Namespace::Constraint
                | Namespace::Trigger
                | Namespace::Policy
                | Namespace::Rule
                | Namespace::Label
                | Namespace::Attribute,
                _,
            ) => {}
        }
    }

    /// Drops the relation with its partitions.
    pub(super) fn drop_relation(&mut self, id: RelationId) {
        let mut falling = vec![id];
        while let Some(id) = falling.pop() {
            self.leave_as_partition(id);
            let Some(relation) = self.relations.remove(&id) else {
                continue;
            };
            let schema = &relation.name.schema;
            self.classes.remove(&relation.name);
            for index in &relation.indexes {
                self.classes.remove(&Name {
                    schema: schema.clone(),
                    name: index.name.clone(),
                });
            }
            let columns: Vec<ColumnId> = relation.columns.iter().map(|column| column.id).collect();
            self.drop_sequences(&columns);
            let parents = relation.parents.iter().filter_map(|parent| parent.id);
            let others: Vec<RelationId> = self.referrers(id).chain(parents).collect();
            for other in others {
                let Some(known) = self.relations.get_mut(&other) else {
                    continue;
                };
                known.children.retain(|child| *child != id);
                let of = known.partition_of.as_ref();
                if of.is_some_and(|(of, _)| of.id == Some(id)) {
                    falling.push(other);
                }
                // No foreign key outlives the table that it references, with or without `CASCADE`.
                known.constraints.retain(|constraint| {
                    target(&constraint.kind).is_none_or(|parent| parent.id != Some(id))
                });
            }
        }
    }

    /// Drops the column of a table and of all that inherit from it, with its indexes, constraints and
    /// sequences.
    fn drop_column(&mut self, table: &Name, column: &str) {
        let Some(id) = self.id(table) else { return };
        for id in self.family(id) {
            let Some(relation) = self.relations.get_mut(&id) else {
                continue;
            };
            let schema = relation.name.schema.clone();
            let Some(dropped) = relation.column(column).map(|column| column.id) else {
                continue;
            };
            relation.columns.retain(|known| known.id != dropped);
            let (gone, kept): (Vec<super::Index>, _) = std::mem::take(&mut relation.indexes)
                .into_iter()
                .partition(|index| index.columns.contains(&dropped));
            relation.indexes = kept;
            relation
                .constraints
                .retain(|constraint| !constraint.columns.contains(&dropped));
            for index in gone {
                let schema = schema.clone();
                self.classes.remove(&Name {
                    schema,
                    name: index.name,
                });
            }
            self.drop_sequences(&[dropped]);
        }
    }

    pub(super) fn drop_sequences(&mut self, columns: &[ColumnId]) {
        for name in self.owned_by(columns) {
            self.drop_sequence(&name);
        }
    }

    fn drop_sequence(&mut self, name: &Name) {
        if self.sequences.remove(name).is_some() {
            self.classes.remove(name);
        }
    }

    /// Drops an index with the partitions' indexes that belong to it, and their constraints.
    fn drop_index(&mut self, name: &Name) {
        let Some(Class::Index(id)) = self.classes.get(name).copied() else {
            return;
        };
        let mut copies = Vec::new();
        if let Some(table) = self.relations.get(&id)
            && let Some(index) = table.indexes.iter().find(|index| index.name == name.name)
        {
            for child in &table.children {
                let partition = self.relations.get(child);
                let copy = partition.and_then(|one| self.copy_of(table, index, one));
                copies.extend(copy.zip(partition).map(|(copy, one)| Name {
                    schema: one.name.schema.clone(),
                    name: copy.name.clone(),
                }));
            }
        }
        for copy in copies {
            self.drop_index(&copy);
        }
        self.classes.remove(name);
        if let Some(relation) = self.relations.get_mut(&id) {
            relation.indexes.retain(|index| index.name != name.name);
            let kept = |one: &super::Constraint| one.name == name.name && one.kind.is_indexed();
            relation.constraints.retain(|one| !kept(one));
        }
    }

    /// Drops a constraint with its index, also from all tables that inherit it.
    fn drop_constraint(&mut self, table: &Name, name: &str) {
        if let Some(domain) = self.domain_mut(table) {
            domain
                .constraints
                .retain(|one| one.name.as_deref() != Some(name));
        }
        let Some(id) = self.id(table) else { return };
        for id in self.family(id) {
            let Some(relation) = self.relations.get_mut(&id) else {
                continue;
            };
            let found = relation.constraints.iter().position(|c| c.name == name);
            let Some(at) = found else { continue };
            let constraint = relation.constraints.remove(at);
            if constraint.kind == ConstraintKind::NotNull {
                make_nullable(relation, &constraint);
            }
            let index = Name {
                schema: relation.name.schema.clone(),
                name: name.to_owned(),
            };
            if constraint.kind.is_indexed() {
                self.drop_index(&index);
            }
        }
    }

    fn drop_type(&mut self, name: &Name) {
        let Some(gone) = Arc::make_mut(&mut self.types).remove(name) else {
            return;
        };
        if matches!(gone.kind, super::TypeKind::Composite(_)) {
            self.classes.remove(name);
        }
    }

    fn drop_schema(&mut self, kind: ObjectKind, name: &Name) {
        let schema = &name.name;
        let relations = self
            .relations
            .values()
            .filter(|one| one.name.schema == *schema);
        let relations: Vec<RelationId> = relations.map(|relation| relation.id).collect();
        for id in relations {
            self.drop_relation(id);
        }
        self.classes.retain(|one| one.schema != *schema);
        self.sequences.retain(|one| one.schema != *schema);
        Arc::make_mut(&mut self.types).retain(|one, _| one.schema != *schema);
        Arc::make_mut(&mut self.routines).retain(|one, _| one.schema != *schema);
        self.others.retain(|(_, one), _| one.schema != *schema);
        self.others.remove(&(kind, name.clone()));
    }

    /// A detached table is independent; it keeps its columns and constraints.
    pub(super) fn detach(&mut self, parent: &Name, child: &Name) {
        let (parent, child) = (self.id(parent), self.id(child));
        if let Some(id) = child
            && let Some(relation) = self.relations.get_mut(&id)
        {
            relation.parents.retain(|known| known.id != parent);
            let of = relation.partition_of.as_ref();
            if of.is_some_and(|(of, _)| of.id == parent) {
                self.leave_as_partition(id);
            }
        }
        if let Some(relation) = parent.and_then(|id| self.relations.get_mut(&id)) {
            relation.children.retain(|known| Some(*known) != child);
        }
    }

    pub(super) fn attach(
        &mut self,
        parent: &Name,
        child: &Name,
        bound: Option<&Bound>,
        origin: &Origin,
    ) {
        let Some(id) = self.id(child) else { return };
        self.inherit(id, parent);
        if let Some(bound) = bound {
            let reference = self.reference(parent);
            self.join_as_partition(id, reference, bound);
            self.inherit_keys(id, parent, true, origin);
        }
    }
}
