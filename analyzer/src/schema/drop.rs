//! Drops an object, with everything that PostgreSQL drops along with it.

use std::sync::Arc;

use super::not_null::make_nullable;
use super::{Class, ColumnId, ConstraintKind, Namespace, Origin, RelationId, Schema};
use crate::statement::{DataType, Name, ObjectKind};

impl Schema {
    pub(super) fn drop(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        part: Option<&str>,
        cascade: bool,
    ) {
        match (Namespace::of(kind), part) {
            (Namespace::Relation, _) => {
                if let Some(id) = self.id(name) {
                    self.drop_relation(id, cascade);
                }
            }
            (Namespace::Index, _) => self.drop_index(name),
            (Namespace::Sequence, _) => self.drop_sequence(name),
            (Namespace::Type, _) => self.drop_type(name, cascade),
            (Namespace::Routine, _) => {
                if self.routines(name).len() > 1 {
                    return self.mark_uncertain(name);
                }
                Arc::make_mut(&mut self.routines).remove(name);
                for relation in self.relations.values_mut() {
                    let calls = |function: &Name| cascade && function == name;
                    relation
                        .triggers
                        .retain(|trigger| !calls(&trigger.definition.function));
                }
            }
            (Namespace::Column, Some(column)) => self.drop_column(name, column, cascade),
            (Namespace::Constraint, Some(constraint)) => {
                self.drop_constraint(name, constraint, cascade);
            }
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
                // The objects of a schema are dropped with it, although no statement names them.
                self.has_untracked_objects |= kind == ObjectKind::Extension;
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

    /// Drops the relation with its partitions, and with `CASCADE` everything that depends on it.
    pub(super) fn drop_relation(&mut self, id: RelationId, cascade: bool) {
        let mut falling = vec![id];
        while let Some(id) = falling.pop() {
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
                let partition = known
                    .partition_of
                    .as_ref()
                    .is_some_and(|(of, _)| of.id == Some(id));
                let child = known.parents.iter().any(|parent| parent.id == Some(id));
                let reads = known.reads.iter().any(|read| read.id == Some(id));
                if partition || cascade && (child || reads) {
                    falling.push(other);
                }
                known
                    .constraints
                    .retain(|constraint| match &constraint.kind {
                        ConstraintKind::ForeignKey { parent, .. } => parent.id != Some(id),
                        ConstraintKind::Check { .. }
                        | ConstraintKind::NotNull
                        | ConstraintKind::PrimaryKey
                        | ConstraintKind::Unique
                        | ConstraintKind::Exclude(_) => true,
                    });
            }
        }
    }

    /// Drops the column of a table and of all that inherit from it, with its indexes, constraints and
    /// sequences.
    pub(super) fn drop_column(&mut self, table: &Name, column: &str, cascade: bool) {
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
            let (gone, kept) = std::mem::take(&mut relation.indexes)
                .into_iter()
                .partition(|index| index.columns.contains(&dropped));
            relation.indexes = kept;
            relation
                .constraints
                .retain(|constraint| !constraint.columns.contains(&dropped));
            let speaks = |policy: &crate::statement::Policy| {
                let expressions = policy.using.iter().chain(&policy.check);
                expressions
                    .flat_map(|e| &e.columns)
                    .any(|name| name == column)
            };
            relation
                .policies
                .retain(|policy| !(cascade && speaks(&policy.definition)));
            let gone: Vec<super::Index> = gone;
            for index in gone {
                let schema = schema.clone();
                self.classes.remove(&Name {
                    schema,
                    name: index.name,
                });
            }
            self.drop_sequences(&[dropped]);
            if cascade {
                self.drop_dependents(id, column, dropped);
            }
        }
    }

    /// Drops the foreign keys that reference the column, and the views that name it.
    fn drop_dependents(&mut self, id: RelationId, name: &str, column: ColumnId) {
        let mut views = Vec::new();
        let referrers: Vec<RelationId> = self.referrers(id).collect();
        for view in referrers {
            let Some(known) = self.relations.get_mut(&view) else {
                continue;
            };
            known
                .constraints
                .retain(|constraint| match &constraint.kind {
                    ConstraintKind::ForeignKey { parent_columns, .. } => {
                        !parent_columns.contains(&column)
                    }
                    ConstraintKind::Check { .. }
                    | ConstraintKind::NotNull
                    | ConstraintKind::PrimaryKey
                    | ConstraintKind::Unique
                    | ConstraintKind::Exclude(_) => true,
                });
            let reads = known.reads.iter().any(|read| read.id == Some(id));
            let query = known.query.as_ref().filter(|_| reads);
            let named = query.is_some_and(|query| query.columns.iter().any(|one| one == name));
            // It is not known whether `*` stands for the column or is part of `count(*)`, so the view may
            // still exist.
            let starred = query.is_some_and(|query| query.text.contains('*'));
            if named || starred {
                views.push(view);
                self.has_untracked_objects |= !named;
            }
        }
        for view in views {
            self.drop_relation(view, true);
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
    fn drop_constraint(&mut self, table: &Name, name: &str, cascade: bool) {
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
            if cascade && constraint.kind.is_indexed() {
                self.drop_keys_to(id, &constraint.columns);
            }
        }
    }

    /// The foreign keys that need a key of the table on these columns.
    fn drop_keys_to(&mut self, table: RelationId, key: &[ColumnId]) {
        let referrers: Vec<RelationId> = self.referrers(table).collect();
        for id in referrers {
            let Some(relation) = self.relations.get_mut(&id) else {
                continue;
            };
            relation.constraints.retain(|one| match &one.kind {
                ConstraintKind::ForeignKey {
                    parent,
                    parent_columns,
                    ..
                } => {
                    let same = parent_columns.len() == key.len()
                        && parent_columns.iter().all(|column| key.contains(column));
                    !(parent.id == Some(table) && same)
                }
                ConstraintKind::Check { .. }
                | ConstraintKind::NotNull
                | ConstraintKind::PrimaryKey
                | ConstraintKind::Unique
                | ConstraintKind::Exclude(_) => true,
            });
        }
    }

    fn drop_type(&mut self, name: &Name, cascade: bool) {
        let Some(gone) = Arc::make_mut(&mut self.types).remove(name) else {
            return;
        };
        if matches!(gone.kind, super::TypeKind::Composite(_)) {
            self.classes.remove(name);
        }
        if !cascade {
            return;
        }
        let of_type = |data_type: &DataType| data_type.is_named(name);
        let columns: Vec<(Name, String)> = self
            .relations
            .values()
            .flat_map(|relation| {
                let columns = relation.columns.iter();
                let hit = columns.filter(|column| column.data_type.as_ref().is_some_and(of_type));
                hit.map(|column| (relation.name.clone(), column.name.clone()))
            })
            .collect();
        for (table, column) in columns {
            self.drop_column(&table, &column, true);
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
            self.drop_relation(id, true);
        }
        self.classes.retain(|one, _| one.schema != *schema);
        self.sequences.retain(|one, _| one.schema != *schema);
        Arc::make_mut(&mut self.types).retain(|one, _| one.schema != *schema);
        Arc::make_mut(&mut self.routines).retain(|one, _| one.schema != *schema);
        self.others.retain(|(_, one), _| one.schema != *schema);
        self.others.remove(&(kind, name.clone()));
    }

    /// A detached table is independent; it keeps its columns and constraints.
    pub(super) fn detach(&mut self, parent: &Name, child: &Name) {
        let (parent, child) = (self.id(parent), self.id(child));
        if let Some(relation) = child.and_then(|id| self.relations.get_mut(&id)) {
            relation.parents.retain(|known| known.id != parent);
            let detached = relation
                .partition_of
                .as_ref()
                .is_some_and(|(of, _)| of.id == parent);
            if detached {
                relation.partition_of = None;
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
        bound: Option<&crate::statement::Bound>,
        origin: &Origin,
    ) {
        let Some(id) = self.id(child) else { return };
        self.inherit(id, parent);
        let reference = self.reference(parent);
        self.note_reference(id, &reference);
        if let (Some(bound), Some(relation)) = (bound, self.relations.get_mut(&id)) {
            relation.partition_of = Some((reference, bound.clone()));
            self.inherit_keys(id, parent, true, origin);
        }
    }
}
