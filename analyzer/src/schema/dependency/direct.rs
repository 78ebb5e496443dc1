//! The objects that directly depend on another one, so that PostgreSQL refuses to drop it alone.
//!
//! The rules are those of `pg_depend` (PostgreSQL manual, Dependency Tracking; measured on PostgreSQL 15):
//! what belongs to the object, such as its indexes, constraints and statistics, does not count.

use std::collections::BTreeSet;

use super::{Object, Uses};
use crate::schema::extension::Brought;
use crate::schema::lookup::target;
use crate::schema::{
    Column, ColumnId, Constraint, ConstraintKind, Index, Relation, RelationId, Schema, TypeKind,
};
use crate::statement::{ColumnValue, DataType, Expression, Name};

impl Schema {
    /// The objects that certainly depend on this one, the newest first.
    pub(crate) fn dependents(&self, object: &Object) -> Vec<Object> {
        let mut found = match object {
            Object::Relation(id) => self.of_relation(*id),
            Object::Column(id, column) => self.of_column(*id, *column),
            Object::Constraint(id, name) | Object::Index(id, name) => self.of_key(*id, name),
            Object::Type(name) => self.of_type(name),
            Object::Routine(name) => self.of_routine(name),
            Object::Sequence(name) => self.of_sequence(name),
            Object::Collation(name) => self.of_collation(name),
            Object::Extension(name) => self.of_extension(name),
            Object::Schema(name) => self.of_schema(name),
            Object::Default(..)
            | Object::Trigger(..)
            | Object::Policy(..)
            | Object::Rule(..)
            | Object::Published(..)
            | Object::Attribute(..) => Vec::new(),
        };
        found.retain(|one| one != object);
        let age = |one: &Object| self.made_at(one).map(crate::schema::Origin::order);
        found.sort_by(|a, b| age(b).cmp(&age(a)).then_with(|| b.cmp(a)));
        found.dedup();
        found
    }

    /// The relation and its partitions, which are dropped with it.
    pub(super) fn with_partitions(&self, id: RelationId) -> Vec<RelationId> {
        let mut all = vec![id];
        let mut at = 0;
        while let Some(table) = all.get(at).and_then(|id| self.by_id(*id)) {
            let is_part = |child: &&RelationId| {
                let of = self
                    .by_id(**child)
                    .and_then(|child| child.partition_of.as_ref());
                of.is_some_and(|(of, _)| of.id == Some(table.id))
            };
            all.extend(table.children.iter().filter(is_part));
            at += 1;
        }
        all
    }

    /// The definitions of these relations and of all routines, with what they use.
    fn users<'a>(
        &'a self,
        relations: impl Iterator<Item = &'a Relation>,
    ) -> impl Iterator<Item = (Object, &'a Uses)> {
        let parts = relations.flat_map(|one| {
            let id = one.id;
            let view = one
                .view
                .iter()
                .map(move |_| (Object::Relation(id), &one.uses));
            let policies = one.policies.iter().flat_map(move |part| {
                let object = Object::Policy(id, part.name.clone());
                part.uses.iter().map(move |uses| (object.clone(), uses))
            });
            let rules = one.rules.iter().flat_map(move |part| {
                let object = Object::Rule(id, part.name.clone());
                part.uses.iter().map(move |uses| (object.clone(), uses))
            });
            let triggers = one.triggers.iter().flat_map(move |part| {
                let object = Object::Trigger(id, part.name.clone());
                part.uses.iter().map(move |uses| (object.clone(), uses))
            });
            view.chain(policies).chain(rules).chain(triggers)
        });
        let routines = self.routines.iter().flat_map(|(name, overloads)| {
            overloads
                .iter()
                .map(move |one| (Object::Routine(name.clone()), &one.uses))
        });
        parts.chain(routines)
    }

    fn of_relation(&self, id: RelationId) -> Vec<Object> {
        let dropped = self.with_partitions(id);
        let mut found = Vec::new();
        for id in &dropped {
            let Some(table) = self.by_id(*id) else {
                continue;
            };
            for other in self.dependents_of(Some(*id)) {
                let keys = other.constraints.iter().filter(|key| {
                    target(&key.kind).is_some_and(|parent| parent.id == Some(*id))
                        && !self.is_of_parent(other, key)
                });
                found.extend(keys.map(|key| Object::Constraint(other.id, key.name.clone())));
                let inherits = other.parents.iter().any(|parent| parent.id == Some(*id));
                if inherits && other.partition_of.is_none() {
                    found.push(Object::Relation(other.id));
                }
            }
            let users = self.users(self.dependents_of(Some(*id)));
            let readers = users.filter(|(_, uses)| uses.relations.contains(id));
            found.extend(readers.map(|(object, _)| object));
            found.extend(self.of_type(&table.name));
            let columns: Vec<ColumnId> = table.columns.iter().map(|one| one.id).collect();
            for sequence in self.owned_by(&columns) {
                found.extend(self.of_sequence(&sequence));
            }
        }
        found.retain(|one| one.table().is_none_or(|table| !dropped.contains(&table)));
        found
    }

    /// Whether a partition has the foreign key from its partitioned table.
    fn is_of_parent(&self, table: &Relation, key: &Constraint) -> bool {
        let parent = table
            .partition_of
            .as_ref()
            .and_then(|(parent, _)| self.by_id(parent.id?));
        parent.is_some_and(|parent| {
            let mut keys = parent.constraints.iter();
            keys.any(|one| one.name == key.name && target(&one.kind).is_some())
        })
    }

    fn of_column(&self, id: RelationId, column: ColumnId) -> Vec<Object> {
        let mut found = Vec::new();
        let Some(name) = self.by_id(id).and_then(|table| table.name_of(column)) else {
            return found;
        };
        for table in self.family(id).into_iter().filter_map(|id| self.by_id(id)) {
            let Some(column) = table.column(name) else {
                continue;
            };
            let near = [table]
                .into_iter()
                .chain(self.dependents_of(Some(table.id)));
            let users = self
                .users(near)
                .filter(|(_, uses)| uses.columns.contains(&column.id));
            found.extend(users.map(|(object, _)| object));
            for (other, key) in self.foreign_keys_to(&table.name) {
                let goes_along = other.id == table.id && key.columns.contains(&column.id);
                if references(key, column.id) && !goes_along && !self.is_of_parent(other, key) {
                    found.push(Object::Constraint(other.id, key.name.clone()));
                }
            }
            let generated = table.columns.iter().filter(|other| {
                other.id != column.id
                    && generated(other).is_some_and(|value| value.columns.contains(&column.name))
            });
            found.extend(generated.map(|other| Object::Column(table.id, other.id)));
            let publications = self.publications_of(table.id, &column.name);
            found.extend(publications.map(|name| Object::Published(table.id, name.to_owned())));
            for sequence in self.owned_by(&[column.id]) {
                let users = self.of_sequence(&sequence).into_iter();
                found.extend(users.filter(|one| *one != Object::Default(table.id, column.id)));
            }
        }
        found
    }

    /// The foreign keys that rely on the index. If two indexes fit, it is not known which of them it is.
    fn of_key(&self, id: RelationId, name: &str) -> Vec<Object> {
        let Some(table) = self.by_id(id) else {
            return Vec::new();
        };
        let columns = |index: &Index| -> Option<BTreeSet<ColumnId>> {
            let is_whole = index.unique && index.predicate.is_none();
            let columns = index.keys.iter().map(|key| key.column);
            columns
                .collect::<Option<BTreeSet<_>>>()
                .filter(|_| is_whole)
        };
        let mut indexes = table.indexes.iter();
        let Some(own) = indexes.find(|one| one.name == name).and_then(columns) else {
            return Vec::new();
        };
        let fitting = table
            .indexes
            .iter()
            .filter(|one| columns(one).as_ref() == Some(&own));
        if fitting.count() != 1 {
            return Vec::new();
        }
        let keys = self.foreign_keys_to(&table.name).filter(|(other, key)| {
            referenced(key).iter().copied().collect::<BTreeSet<_>>() == own
                && !self.is_of_parent(other, key)
        });
        keys.map(|(other, key)| Object::Constraint(other.id, key.name.clone()))
            .collect()
    }

    fn of_type(&self, name: &Name) -> Vec<Object> {
        self.with_type(&|one| one == name)
    }

    /// What has one of these types, or uses one in its definition.
    fn with_type(&self, is_meant: &dyn Fn(&Name) -> bool) -> Vec<Object> {
        let is_it = |data_type: &DataType| {
            self.type_name(data_type)
                .is_some_and(|name| is_meant(&name))
        };
        let mut found = Vec::new();
        for table in self.relations() {
            let is_typed = table.of_type.as_ref().is_some_and(is_meant);
            found.extend(is_typed.then_some(Object::Relation(table.id)));
            let columns = table.columns.iter().filter(|_| !is_typed);
            let of_type = columns.filter(|one| one.data_type.as_ref().is_some_and(is_it));
            // A partition and a table that inherits have the column from above.
            let of_type = of_type.filter(|one| !self.is_inherited_column(table, one));
            found.extend(of_type.map(|one| Object::Column(table.id, one.id)));
        }
        for (other, known) in self.types() {
            match &known.kind {
                TypeKind::Composite(attributes) => {
                    let of_type = attributes.iter().filter(|one| is_it(&one.data_type));
                    found.extend(
                        of_type.map(|one| Object::Attribute(other.clone(), one.name.clone())),
                    );
                }
                TypeKind::Domain(domain) if is_it(&domain.data_type) => {
                    found.push(Object::Type(other.clone()));
                }
                TypeKind::Domain(_) | TypeKind::Enum(_) | TypeKind::Other => {}
            }
        }
        let users = self
            .users(self.relations())
            .filter(|(_, uses)| uses.types.iter().any(is_meant));
        found.extend(users.map(|(object, _)| object));
        found.extend(self.with_expression(&|one| {
            let mut casts = one.casts.iter();
            casts.any(|cast| is_it(&cast.to))
        }));
        found
    }

    fn is_inherited_column(&self, table: &Relation, column: &Column) -> bool {
        let parents = table
            .parents
            .iter()
            .filter_map(|parent| self.by_id(parent.id?));
        { parents }.any(|parent| parent.column(&column.name).is_some())
    }

    fn of_routine(&self, name: &Name) -> Vec<Object> {
        match self.routines(name).len() == 1 {
            true => self.with_call(&|one| one == name),
            false => Vec::new(),
        }
    }

    /// What calls one of these routines in its definition.
    fn with_call(&self, is_meant: &dyn Fn(&Name) -> bool) -> Vec<Object> {
        let calls = |expression: &Expression| {
            let mut calls = expression.calls.iter();
            calls.any(|call| is_meant(&self.called(call)))
        };
        let mut found = Vec::new();
        for table in self.relations() {
            let id = table.id;
            let triggers = table
                .triggers
                .iter()
                .filter(|one| is_meant(&one.definition.function));
            found.extend(triggers.map(|one| Object::Trigger(id, one.name.clone())));
        }
        let users = self
            .users(self.relations())
            .filter(|(_, uses)| uses.routines.iter().any(is_meant));
        found.extend(users.map(|(object, _)| object));
        found.extend(self.with_expression(&calls));
        found
    }

    /// The defaults, generated columns, checks, indexes and domains with such an expression.
    fn with_expression(&self, is: &dyn Fn(&Expression) -> bool) -> Vec<Object> {
        let mut found = self.domains_with(is);
        for table in self.relations() {
            found.extend(self.columns_with(table, is));
            let checks = table.constraints.iter().filter(|one| match &one.kind {
                ConstraintKind::Check { expression, .. } => is(expression),
                ConstraintKind::NotNull
                | ConstraintKind::ForeignKey { .. }
                | ConstraintKind::PrimaryKey
                | ConstraintKind::Unique
                | ConstraintKind::Exclude(_) => false,
            });
            found.extend(checks.map(|one| Object::Constraint(table.id, one.name.clone())));
            let indexes = table.indexes.iter().filter(|index| {
                let keys = index.keys.iter().map(|key| &key.expression);
                keys.chain(&index.predicate).any(is)
            });
            found.extend(indexes.map(|one| Object::Index(table.id, one.name.clone())));
        }
        found
    }

    /// The generated columns and the defaults of a table for whose value this is true.
    fn columns_with(&self, table: &Relation, is: impl Fn(&Expression) -> bool) -> Vec<Object> {
        let found = table
            .columns
            .iter()
            .filter_map(|column| match &column.value {
                ColumnValue::Default(value) => {
                    is(value).then_some(Object::Default(table.id, column.id))
                }
                ColumnValue::Generated { expression, .. } => {
                    is(expression).then_some(Object::Column(table.id, column.id))
                }
                ColumnValue::None | ColumnValue::Serial | ColumnValue::Identity(_) => None,
            });
        found.collect()
    }

    /// The domains whose default or check is such an expression.
    fn domains_with(&self, is: impl Fn(&Expression) -> bool) -> Vec<Object> {
        let found = self.types().filter(|(_, known)| {
            let TypeKind::Domain(domain) = &known.kind else {
                return false;
            };
            let value = match &domain.value {
                ColumnValue::Default(value) => Some(value),
                ColumnValue::None
                | ColumnValue::Serial
                | ColumnValue::Identity(_)
                | ColumnValue::Generated { .. } => None,
            };
            let checks = domain.constraints.iter().filter_map(|one| match &one.kind {
                crate::statement::ConstraintKind::Check(check) => Some(check),
                crate::statement::ConstraintKind::NotNull { .. }
                | crate::statement::ConstraintKind::ForeignKey(_)
                | crate::statement::ConstraintKind::PrimaryKey(_)
                | crate::statement::ConstraintKind::Unique(_)
                | crate::statement::ConstraintKind::Exclude { .. } => None,
            });
            value.into_iter().chain(checks).any(&is)
        });
        found.map(|(name, _)| Object::Type(name.clone())).collect()
    }

    fn of_sequence(&self, name: &Name) -> Vec<Object> {
        let mut found = self.with_expression(&|value| self.sequences_in(value).contains(name));
        if let Some((id, column)) = self.sequence(name).and_then(|known| known.owner) {
            let columns = self.by_id(id).into_iter().flat_map(|table| &table.columns);
            let mut serial = columns.filter(|one| one.value == ColumnValue::Serial);
            if serial.any(|one| one.id == column) {
                found.push(Object::Default(id, column));
            }
        }
        found
    }

    fn of_collation(&self, name: &Name) -> Vec<Object> {
        let mut found = Vec::new();
        for table in self.relations() {
            let columns = table
                .columns
                .iter()
                .filter(|one| one.collation.as_ref() == Some(name));
            found.extend(columns.map(|one| Object::Column(table.id, one.id)));
            let indexes = table.indexes.iter().filter(|index| {
                let mut keys = index.keys.iter();
                keys.any(|key| key.collation.as_ref() == Some(name))
            });
            found.extend(indexes.map(|one| Object::Index(table.id, one.name.clone())));
        }
        found
    }

    /// What uses the types, functions and operator classes of an extension that is listed.
    fn of_extension(&self, extension: &str) -> Vec<Object> {
        let brings =
            |kind: Brought, name: &Name| self.extension_with(kind, name) == Some(extension);
        let mut found = self.with_type(&|name| brings(Brought::Type, name));
        found.extend(self.with_call(&|name| brings(Brought::Function, name)));
        for table in self.relations() {
            let indexes = table.indexes.iter().filter(|index| {
                let classes = index.keys.iter().filter_map(|key| key.class.as_ref());
                { classes }.any(|class| brings(Brought::Class, class))
            });
            found.extend(indexes.map(|one| Object::Index(table.id, one.name.clone())));
        }
        found
    }

    /// What is in a schema.
    fn of_schema(&self, schema: &str) -> Vec<Object> {
        let is_in = |name: &Name| name.schema == schema;
        let relations = self
            .relations()
            .filter(|one| is_in(&one.name) && one.partition_of.is_none());
        let types = self.types().filter(|(name, _)| is_in(name));
        let routines = self
            .routines
            .keys()
            .filter(|name| is_in(name) && self.routines(name).len() == 1);
        let free = |name: &&Name| {
            is_in(name)
                && self
                    .sequence(name)
                    .is_some_and(|known| known.owner.is_none())
        };
        let sequences = self.sequences().map(|(name, _)| name).filter(free);
        let relations = relations.map(|one| Object::Relation(one.id));
        let types = types.map(|(name, _)| Object::Type(name.clone()));
        let routines = routines.map(|name| Object::Routine(name.clone()));
        let sequences = sequences.map(|name| Object::Sequence(name.clone()));
        relations
            .chain(types)
            .chain(routines)
            .chain(sequences)
            .collect()
    }
}

fn generated(column: &Column) -> Option<&Expression> {
    match &column.value {
        ColumnValue::Generated { expression, .. } => Some(expression),
        ColumnValue::None
        | ColumnValue::Default(_)
        | ColumnValue::Serial
        | ColumnValue::Identity(_) => None,
    }
}

/// The columns that a foreign key references.
fn referenced(key: &Constraint) -> &[ColumnId] {
    match &key.kind {
        ConstraintKind::ForeignKey { parent_columns, .. } => parent_columns,
        ConstraintKind::Check { .. }
        | ConstraintKind::NotNull
        | ConstraintKind::PrimaryKey
        | ConstraintKind::Unique
        | ConstraintKind::Exclude(_) => &[],
    }
}

fn references(key: &Constraint, column: ColumnId) -> bool {
    referenced(key).contains(&column)
}
