//! Creates tables and views.

use super::{Class, Namespace, Origin, Reference, Relation, RelationId, Schema};
use crate::schema::lookup::Link;
use crate::schema::relation::Column;
use crate::statement::{
    ColumnValue, Constraint, CreateTable, CreateView, Definition, LikeOption, Name, ObjectKind,
    OnCommit, Persistence, Reading,
};

impl Schema {
    pub(super) fn create_table(&mut self, create: &CreateTable, origin: &Origin) {
        if self.classes.contains_key(&create.table) {
            return;
        }
        let kind = match create.server {
            Some(_) => ObjectKind::ForeignTable,
            None => ObjectKind::Table,
        };
        let mut sequences = Vec::new();
        for column in &create.columns {
            let sequence = self.sequence_of(&create.table, &column.name, &column.value, origin);
            if sequence.is_some() {
                sequences.push((column.name.clone(), sequence));
            }
        }
        let id = self.add_relation(&create.table, kind, origin);
        let mut parents: Vec<Name> = Vec::new();
        parents.extend(create.partition_of.iter().map(|(parent, _)| parent.clone()));
        parents.extend_from_slice(&create.inherits);
        if create.persistence == Persistence::Temporary {
            let stays = create.on_commit != Some(OnCommit::Drop);
            self.lookup.temporary.push((id, stays));
        }
        if let Some(relation) = self.relations.get_mut(&id) {
            relation.persistence = create.persistence;
            relation.partition_by.clone_from(&create.partition_by);
            relation.columns_known = !create.from_query;
            relation.of_type.clone_from(&create.of_type);
        }
        for parent in &parents {
            self.inherit(id, parent);
        }
        if let Some((parent, bound)) = &create.partition_of {
            let parent = self.reference(parent);
            self.join_as_partition(id, parent, bound);
        }
        for (like, options) in &create.like {
            sequences.extend(self.copy_columns(id, like, options, origin));
        }
        if let Some(of_type) = &create.of_type {
            self.columns_of_type(id, of_type, origin);
        }
        self.push_columns(id, &create.columns, origin);
        let mut constraints: Vec<&Constraint> = Vec::new();
        for column in &create.columns {
            constraints.extend(&column.constraints);
        }
        constraints.extend(&create.constraints);
        self.add_constraints(id, &constraints, true, origin);
        for parent in &parents {
            self.inherit_keys(id, parent, create.partition_of.is_some(), origin);
        }
        for (like, options) in &create.like {
            if options.contains(&LikeOption::Indexes) {
                self.copy_keys(id, like, origin);
            }
        }
        for (column, sequence) in sequences {
            self.own(sequence, id, &column);
        }
    }

    pub(super) fn create_view(&mut self, create: &CreateView, origin: &Origin) {
        let kind = match create.materialized {
            true => ObjectKind::MaterializedView,
            false => ObjectKind::View,
        };
        let known = self
            .relation(&create.view)
            .map(|view| (view.id, view.kind == kind));
        let id = match known {
            Some((id, true)) if create.or_replace => id,
            Some(_) => return,
            None if self.classes.contains_key(&create.view) => return,
            None => self.add_relation(&create.view, kind, origin),
        };
        let reads: Vec<Reference> = create
            .reads
            .iter()
            .map(|name| self.reference(name))
            .collect();
        for read in &reads {
            self.note_reference(id, Link::Query, read);
        }
        if create.persistence == Persistence::Temporary {
            self.lookup.temporary.push((id, true));
        }
        let uses = self.uses(&create.reading);
        let shape = self.shape_of(create);
        let mut columns = Vec::new();
        for name in &create.columns {
            columns.push(Column {
                id: super::ColumnId(self.fresh()),
                name: name.clone(),
                data_type: None,
                collation: None,
                not_null: false,
                value: ColumnValue::None,
                origin: origin.clone(),
            });
        }
        if let Some(view) = self.relations.get_mut(&id) {
            view.persistence = create.persistence;
            // The list of names can be shorter than the list of columns.
            view.columns_known = false;
            view.columns = columns;
            view.reads = reads;
            view.uses = uses;
            view.shape = Some(shape);
            view.query = Some(create.query.clone());
            view.view = Some(Box::new(create.clone()));
        }
    }

    fn add_relation(&mut self, name: &Name, kind: ObjectKind, origin: &Origin) -> RelationId {
        let id = self.relations.fresh();
        self.classes.insert(name.clone(), Class::Relation(id));
        let relation = Relation::new(id, name, kind, origin);
        self.relations.insert(relation);
        id
    }

    pub(super) fn reference(&self, name: &Name) -> Reference {
        Reference {
            id: self.id(name),
            name: name.clone(),
        }
    }

    /// Makes a table inherit from another, and adds the columns that it lacks.
    pub(super) fn inherit(&mut self, child: RelationId, parent: &Name) {
        let reference = self.reference(parent);
        self.note_reference(child, Link::Heir, &reference);
        let inherited = match self.relation(parent) {
            Some(parent) => parent.columns.clone(),
            None => Vec::new(),
        };
        let known = self
            .relation(parent)
            .is_some_and(|parent| parent.columns_known);
        if let Some(parent) = self.relation_mut(parent) {
            parent.children.push(child);
        }
        if let Some(relation) = self.relations.get_mut(&child) {
            relation.parents.push(reference);
            relation.columns_known &= known;
        }
        for column in inherited {
            self.copy_column(child, column);
        }
    }

    /// Adds the checks of a parent; to a partition also its keys, indexes and foreign keys.
    pub(super) fn inherit_keys(
        &mut self,
        child: RelationId,
        parent: &Name,
        all: bool,
        origin: &Origin,
    ) {
        let Some(parent) = self.relation(parent).cloned() else {
            return;
        };
        for constraint in &parent.constraints {
            let passes = !constraint.no_inherit && (all || !constraint.kind.is_indexed());
            let foreign = matches!(constraint.kind, super::ConstraintKind::ForeignKey { .. });
            if passes && !constraint.kind.is_indexed() && (all || !foreign) {
                self.copy_constraint(child, &parent, constraint);
            }
        }
        if all {
            self.copy_indexes(child, &parent, origin);
        }
    }

    /// `LIKE`: copies names, types and `NOT NULL`, and what `INCLUDING` adds.
    fn copy_columns(
        &mut self,
        id: RelationId,
        like: &Name,
        options: &[LikeOption],
        origin: &Origin,
    ) -> Vec<(String, Option<Name>)> {
        let mut sequences = Vec::new();
        let Some(source) = self.relation(like).cloned() else {
            if let Some(relation) = self.relations.get_mut(&id) {
                relation.columns_known = false;
            }
            return sequences;
        };
        if let Some(relation) = self.relations.get_mut(&id) {
            relation.columns_known &= source.columns_known;
        }
        for column in source.columns.clone() {
            let keeps = match column.value {
                ColumnValue::None => true,
                ColumnValue::Default(_) | ColumnValue::Serial => {
                    options.contains(&LikeOption::Defaults)
                }
                ColumnValue::Identity(_) => options.contains(&LikeOption::Identity),
                ColumnValue::Generated { .. } => options.contains(&LikeOption::Generated),
            };
            let value = match keeps {
                true => column.value.clone(),
                false => ColumnValue::None,
            };
            if let ColumnValue::Identity(_) = value {
                let table = self.relations.get(&id).map(|copy| copy.name.clone());
                let table = table.unwrap_or_default();
                let sequence = self.sequence_of(&table, &column.name, &value, origin);
                sequences.push((column.name.clone(), sequence));
            }
            let origin = origin.clone();
            self.copy_column(
                id,
                Column {
                    value,
                    origin,
                    ..column
                },
            );
        }
        if options.contains(&LikeOption::Constraints) {
            for constraint in &source.constraints {
                if matches!(constraint.kind, super::ConstraintKind::Check { .. }) {
                    self.copy_constraint(id, &source, constraint);
                }
            }
        }
        let not_null = source.constraints.iter();
        let not_null = not_null.filter(|one| one.kind == super::ConstraintKind::NotNull);
        for constraint in not_null
            .filter(|_| self.names_not_null())
            .collect::<Vec<_>>()
        {
            self.copy_constraint(id, &source, constraint);
        }
        sequences
    }

    fn copy_keys(&mut self, id: RelationId, like: &Name, origin: &Origin) {
        if let Some(source) = self.relation(like).cloned() {
            self.copy_indexes(id, &source, origin);
        }
    }

    /// Adds the attributes of the type in `OF`.
    fn columns_of_type(&mut self, id: RelationId, of_type: &Name, origin: &Origin) {
        let attributes = self.attributes_mut(of_type).cloned();
        if let Some(relation) = self.relations.get_mut(&id) {
            relation.columns_known &= attributes.is_some();
        }
        for attribute in attributes.unwrap_or_default() {
            let column = Column {
                id: super::ColumnId(0),
                name: attribute.name,
                data_type: Some(attribute.data_type),
                collation: attribute.collation,
                not_null: false,
                value: ColumnValue::None,
                origin: origin.clone(),
            };
            self.copy_column(id, column);
        }
    }

    /// Creates an object that has its own store, or records the name of any other object.
    pub(super) fn create(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        part: Option<&str>,
        (reading, definition): (&Reading, &Definition),
        origin: &Origin,
    ) {
        match Namespace::of(kind) {
            Namespace::Rule => {
                let uses = [self.uses(reading), super::Uses::default()];
                self.note_users(name, &uses);
                let (Some(part), Some(relation)) = (part, self.relation_mut(name)) else {
                    return;
                };
                super::apply::add_part(&mut relation.rules, part, (), uses, origin);
            }
            Namespace::Relation if !self.classes.contains_key(name) => {
                let id = self.add_relation(name, kind, origin);
                if let Some(relation) = self.relations.get_mut(&id) {
                    relation.columns_known = false;
                }
            }
            Namespace::Type => self.create_type(name, super::TypeKind::Other, origin),
            Namespace::Routine => {
                let aggregate = match definition {
                    Definition::Aggregate(aggregate) => Some(&**aggregate),
                    Definition::Named
                    | Definition::Extension { .. }
                    | Definition::Publication(_)
                    | Definition::Rule(_)
                    | Definition::Cast { .. }
                    | Definition::DefaultClass(_) => None,
                };
                let routine = crate::statement::CreateRoutine {
                    routine: name.clone(),
                    parameters: aggregate
                        .map(|one| one.arguments.clone())
                        .unwrap_or_default(),
                    language: Some("internal".to_owned()),
                    ..Default::default()
                };
                self.create_routine(&routine, origin);
                self.make_aggregate(name, aggregate);
            }
            Namespace::Sequence => self.create_sequence(name, origin),
            Namespace::Schema | Namespace::Other => {
                let key = (kind, name.clone());
                self.others.entry(key).or_insert_with(|| origin.clone());
            }
            Namespace::Relation
            | Namespace::Index
            | Namespace::Column
            | Namespace::Constraint
            | Namespace::Trigger
            | Namespace::Policy
            | Namespace::Label
            | Namespace::Attribute => {}
        }
    }
}
