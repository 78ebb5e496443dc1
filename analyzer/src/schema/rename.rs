//! Renames objects, and moves them to other schemas.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::resolve::Kind;
use super::{Class, ConstraintKind, Namespace, Part, RelationId, Schema};
use crate::statement::{ColumnValue, Name, ObjectKind};

impl Schema {
    pub(super) fn rename(&mut self, kind: ObjectKind, name: &Name, part: Option<&str>, to: &str) {
        let renamed = Name {
            schema: name.schema.clone(),
            name: to.to_owned(),
        };
        match (Namespace::of(kind), part) {
            // `ALTER TABLE` also accepts indexes, views and sequences.
            (Namespace::Relation | Namespace::Index | Namespace::Sequence, None) => {
                self.rename_class(name, &renamed)
            }
            (Namespace::Type, None) => self.rename_type(name, &renamed),
            (Namespace::Routine, None) => {
                if self.routines(name).len() > 1 {
                    self.mark_uncertain(name);
                    return self.mark_uncertain(&renamed);
                }
                if let Some(routines) = Arc::make_mut(&mut self.routines).remove(name) {
                    Arc::make_mut(&mut self.routines).insert(renamed.clone(), routines);
                }
                self.rename_used(|uses| &mut uses.routines, name, &renamed);
                for relation in self.relations.values_mut() {
                    for trigger in &mut relation.triggers {
                        if trigger.definition.function == *name {
                            trigger.definition.function = renamed.clone();
                        }
                    }
                }
            }
            (Namespace::Column, Some(column)) => {
                let Some(id) = self.id(name) else { return };
                for id in self.family(id) {
                    let Some(relation) = self.relations.get_mut(&id) else {
                        continue;
                    };
                    if let Some(by) = &mut relation.partition_by {
                        by.rename(column, to);
                    }
                    for other in &mut relation.columns {
                        if let ColumnValue::Generated { expression, .. } = &mut other.value {
                            let names = expression.columns.iter_mut();
                            for name in names.filter(|name| *name == column) {
                                to.clone_into(name);
                            }
                        }
                    }
                    if let Some(column) = relation.column_mut(column) {
                        to.clone_into(&mut column.name);
                    }
                    let shape = relation.shape.iter_mut();
                    for (name, _) in shape.flat_map(|shape| &mut shape.columns) {
                        if name.as_deref() == Some(column) {
                            *name = Some(to.to_owned());
                        }
                    }
                }
            }
            (Namespace::Constraint, Some(constraint)) => {
                self.rename_constraint(name, constraint, to)
            }
            (Namespace::Trigger, Some(part)) => {
                let relation = self.relation_mut(name);
                rename_part(relation.map(|relation| &mut relation.triggers), part, to);
            }
            (Namespace::Policy, Some(part)) => {
                let relation = self.relation_mut(name);
                rename_part(relation.map(|relation| &mut relation.policies), part, to);
            }
            (Namespace::Rule, Some(part)) => {
                let relation = self.relation_mut(name);
                rename_part(relation.map(|relation| &mut relation.rules), part, to);
            }
            (Namespace::Label, Some(part)) => {
                let labels = self.labels_mut(name).into_iter().flatten();
                for label in labels.filter(|label| *label == part) {
                    to.clone_into(label);
                }
            }
            (Namespace::Attribute, Some(part)) => {
                let attributes = self.attributes_mut(name).into_iter().flatten();
                for attribute in attributes.filter(|attribute| attribute.name == part) {
                    to.clone_into(&mut attribute.name);
                }
            }
            (Namespace::Schema, _) => self.rename_schema(name, to),
            (Namespace::Other, _) => {
                if kind == ObjectKind::Publication {
                    self.rename_publication(&name.name, to);
                }
                if let Some(origin) = self.others.remove(&(kind, name.clone())) {
                    self.others.insert((kind, renamed), origin);
                }
            }
            (
                Namespace::Relation
                | Namespace::Index
                | Namespace::Sequence
                | Namespace::Type
                | Namespace::Routine,
                Some(_),
            )
            | (
                Namespace::Column
                | Namespace::Constraint
                | Namespace::Trigger
                | Namespace::Policy
                | Namespace::Rule
                | Namespace::Label
                | Namespace::Attribute,
                None,
            ) => {}
        }
    }

    fn rename_class(&mut self, from: &Name, to: &Name) {
        if self.classes.contains_key(to) {
            return;
        }
        match self.classes.get(from).copied() {
            Some(Class::Relation(id)) => {
                self.classes.remove(from);
                self.classes.insert(to.clone(), Class::Relation(id));
                if let Some(relation) = self.relations.get_mut(&id) {
                    relation.name = to.clone();
                }
                self.rename_type_users(from, to);
            }
            Some(Class::Index(id)) => self.rename_index(id, &from.name, &to.name),
            Some(Class::Sequence) => {
                self.classes.remove(from);
                self.classes.insert(to.clone(), Class::Sequence);
                if let Some(sequence) = self.sequences.remove(from) {
                    if let Some((_, column)) = sequence.owner {
                        self.note_sequence(column, to);
                    }
                    self.sequences.insert(to.clone(), sequence);
                }
            }
            Some(Class::Composite) | None => {}
        }
    }

    /// Views and routines with a type under its old name.
    fn forget_type(&mut self, from: &Name) {
        let shapes = self
            .relations
            .values_mut()
            .filter_map(|one| one.shape.as_mut());
        for (_, kind) in shapes.flat_map(|shape| &mut shape.columns) {
            if matches!(kind, Kind::Of(data_type) if data_type.is_named(from)) {
                *kind = Kind::Unknown;
            }
        }
        let routines = Arc::make_mut(&mut self.routines).values_mut().flatten();
        for routine in routines {
            let created = routine.created.as_ref();
            let mut types = created.iter().flat_map(|one| one.types());
            let has_it = types.any(|data_type| data_type.is_named(from));
            drop(types);
            if has_it {
                routine.created = None;
            }
        }
    }

    fn rename_type(&mut self, from: &Name, to: &Name) {
        if self.types.contains_key(to) {
            return;
        }
        if let Some(known) = Arc::make_mut(&mut self.types).remove(from) {
            Arc::make_mut(&mut self.types).insert(to.clone(), known);
        }
        if self.classes.get(from) == Some(&Class::Composite) {
            self.classes.remove(from);
            self.classes.insert(to.clone(), Class::Composite);
        }
        self.rename_type_users(from, to);
    }

    /// The columns of a type, and the definitions that use it. A relation has a type of its own too.
    fn rename_type_users(&mut self, from: &Name, to: &Name) {
        self.forget_type(from);
        self.rename_used(|uses| &mut uses.types, from, to);
        let columns = self.relations.values_mut().flat_map(|r| &mut r.columns);
        for data_type in columns.filter_map(|column| column.data_type.as_mut()) {
            if data_type.is_named(from) {
                data_type.name.clone_from(&to.name);
                if data_type.schema.is_some() {
                    data_type.schema = Some(to.schema.clone());
                }
            }
        }
    }

    /// Renames a constraint and its index, also where a check is inherited; a key is not inherited.
    fn rename_constraint(&mut self, table: &Name, from: &str, to: &str) {
        self.note_constraint(&table.schema, to);
        if let Some(domain) = self.domain_mut(table) {
            for constraint in &mut domain.constraints {
                if constraint.name.as_deref() == Some(from) {
                    constraint.name = Some(to.to_owned());
                }
            }
        }
        let Some(id) = self.id(table) else { return };
        let Some(kind) = self.constraint_mut(table, from).map(|c| c.kind.clone()) else {
            return;
        };
        if kind.is_indexed() {
            return self.rename_index(id, from, to);
        }
        let inherited = matches!(kind, ConstraintKind::Check { .. } | ConstraintKind::NotNull);
        let members = match inherited {
            true => self.family(id),
            false => vec![id],
        };
        for id in members {
            let relation = self.relations.get_mut(&id);
            let constraints = relation.into_iter().flat_map(|r| &mut r.constraints);
            for constraint in constraints.filter(|constraint| constraint.name == from) {
                to.clone_into(&mut constraint.name);
            }
        }
    }

    fn rename_schema(&mut self, from: &Name, to: &str) {
        let move_name = |name: &Name| {
            let mut name = name.clone();
            if name.schema == from.name {
                to.clone_into(&mut name.schema);
            }
            name
        };
        for relation in self.relations.values_mut() {
            relation.name = move_name(&relation.name);
        }
        self.classes = std::mem::take(&mut self.classes).renamed(move_name);
        self.sequences = std::mem::take(&mut self.sequences).renamed(move_name);
        self.types = Arc::unwrap_or_clone(std::mem::take(&mut self.types))
            .into_iter()
            .map(|(name, known)| (move_name(&name), known))
            .collect::<BTreeMap<_, _>>()
            .into();
        self.routines = Arc::unwrap_or_clone(std::mem::take(&mut self.routines))
            .into_iter()
            .map(|(name, routines)| (move_name(&name), routines))
            .collect::<BTreeMap<_, _>>()
            .into();
        let own = Name {
            name: to.to_owned(),
            ..from.clone()
        };
        if let Some(origin) = self.others.remove(&(ObjectKind::Schema, from.clone())) {
            self.others.insert((ObjectKind::Schema, own), origin);
        }
        self.rebuild_lookup();
    }

    /// `SET SCHEMA`: the indexes and sequences of a table move with it.
    pub(super) fn set_schema(&mut self, kind: ObjectKind, name: &Name, schema: &str) {
        let moved = |name: &str| Name {
            schema: schema.to_owned(),
            name: name.to_owned(),
        };
        let to = moved(&name.name);
        match Namespace::of(kind) {
            Namespace::Relation | Namespace::Index | Namespace::Sequence => {
                let Some(class) = self.classes.get(name).copied() else {
                    return;
                };
                if self.classes.contains_key(&to) {
                    return;
                }
                let Class::Relation(id) = class else {
                    return self.rename_class(name, &to);
                };
                self.move_table(id, name, &to);
                self.rebuild_lookup();
            }
            Namespace::Type => {
                self.rename_type(name, &to);
                self.rebuild_lookup();
            }
            Namespace::Routine => {
                if self.routines(name).len() > 1 {
                    self.mark_uncertain(name);
                    return self.mark_uncertain(&to);
                }
                if let Some(routines) = Arc::make_mut(&mut self.routines).remove(name) {
                    Arc::make_mut(&mut self.routines).insert(to, routines);
                }
            }
            Namespace::Other => {
                if kind == ObjectKind::Extension {
                    self.move_extension(&name.name, schema);
                }
                if let Some(origin) = self.others.remove(&(kind, name.clone())) {
                    self.others.insert((kind, to), origin);
                }
            }
            Namespace::Column
            | Namespace::Constraint
            | Namespace::Trigger
            | Namespace::Policy
            | Namespace::Rule
            | Namespace::Label
            | Namespace::Attribute
            | Namespace::Schema => {}
        }
    }

    fn move_table(&mut self, id: RelationId, from: &Name, to: &Name) {
        self.rename_class(from, to);
        let Some(relation) = self.relations.get(&id) else {
            return;
        };
        for index in &relation.indexes {
            let at = |schema: &str| Name {
                schema: schema.to_owned(),
                name: index.name.clone(),
            };
            self.classes.remove(&at(&from.schema));
            self.classes.insert(at(&to.schema), Class::Index(id));
        }
        let owned = self.sequences.iter().filter(|(name, sequence)| {
            name.schema == from.schema && sequence.owner.is_some_and(|(table, _)| table == id)
        });
        let owned: Vec<Name> = owned.map(|(name, _)| name.clone()).collect();
        for name in owned {
            let target = Name {
                schema: to.schema.clone(),
                name: name.name.clone(),
            };
            self.rename_class(&name, &target);
        }
    }
}

/// Renames a trigger, policy or rule of a relation, if one has this name.
fn rename_part<T>(parts: Option<&mut Vec<Part<T>>>, old: &str, to: &str) {
    let mut parts = parts.into_iter().flatten();
    if let Some(part) = parts.find(|part| part.name == old) {
        to.clone_into(&mut part.name);
    }
}
