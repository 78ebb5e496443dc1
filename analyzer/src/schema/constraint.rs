//! Constraints of tables: how they are added, copied and validated.

use std::sync::LazyLock;

use super::generated_name::index_name_addition;
use super::lookup::{Link, target};
use super::{
    ColumnId, Constraint, ConstraintKind, Index, IndexKey, Origin, Relation, RelationId, Schema,
};
use crate::statement::{self, ConstraintAttributes, ForeignKey, Key, Name};

impl Schema {
    /// Adds constraints in PostgreSQL's order: checks, the primary key, other keys, foreign keys.
    ///
    /// `new` says that the table is new, so that no existing rows have to be checked.
    pub(super) fn add_constraints(
        &mut self,
        id: RelationId,
        constraints: &[&statement::Constraint],
        new: bool,
        origin: &Origin,
    ) {
        for now in 0..=LAST_TURN {
            for constraint in constraints {
                if turn(constraint) == now {
                    self.add_constraint(id, constraint, new, origin);
                }
            }
        }
    }

    pub(super) fn add_constraint(
        &mut self,
        id: RelationId,
        written: &statement::Constraint,
        new: bool,
        origin: &Origin,
    ) {
        let Some(relation) = self.relations.get(&id) else {
            return;
        };
        let taken = |name: &str| relation.constraints.iter().any(|c| c.name == name);
        if written.name.as_deref().is_some_and(taken) {
            return;
        }
        let columns = columns_of(relation, written);
        let constraint = Constraint {
            name: {
                let only = columns.first().filter(|_| columns.len() == 1);
                let only = only.and_then(|only| relation.name_of(*only));
                self.name_for(&relation.name, written, only)
            },
            columns,
            valid: written.enforced && (new || !written.not_valid),
            enforced: written.enforced,
            deferrable: written.deferrable,
            initially_deferred: written.initially_deferred,
            no_inherit: written.no_inherit,
            origin: origin.at(match written.name {
                Some(_) => &written.span,
                None => &origin.span,
            }),
            kind: self.kind_of_constraint(written),
        };
        if let Some(key) = index_of(written) {
            self.back(id, &constraint, key);
        }
        match written.only && constraint.kind.is_indexed() {
            true => self.hold_alone(id, constraint),
            false => self.hold(id, constraint, origin),
        }
    }

    /// A key of a partitioned table whose partitions have none yet: its index is not valid before each has one.
    fn hold_alone(&mut self, id: RelationId, constraint: Constraint) {
        let Some(relation) = self.relations.get_mut(&id) else {
            return;
        };
        let is_valid = relation.children.is_empty();
        let mut indexes = relation.indexes.iter_mut();
        if let Some(index) = indexes.find(|index| index.name == constraint.name) {
            index.valid &= is_valid;
        }
        self.keep(id, constraint);
    }

    fn kind_of_constraint(&self, written: &statement::Constraint) -> ConstraintKind {
        match &written.kind {
            statement::ConstraintKind::Check(expression) => ConstraintKind::Check {
                expression: Box::new(expression.clone()),
            },
            statement::ConstraintKind::NotNull { .. } => ConstraintKind::NotNull,
            statement::ConstraintKind::ForeignKey(key) => self.foreign_key(key),
            statement::ConstraintKind::PrimaryKey(_) => ConstraintKind::PrimaryKey,
            statement::ConstraintKind::Unique(_) => ConstraintKind::Unique,
            statement::ConstraintKind::Exclude { elements, .. } => {
                ConstraintKind::Exclude(elements.clone())
            }
        }
    }

    /// The constraint's name, or the one that PostgreSQL generates. `only` is the only column that it uses.
    fn name_for(
        &self,
        table: &Name,
        written: &statement::Constraint,
        only: Option<&str>,
    ) -> String {
        if let Some(name) = &written.name {
            return name.clone();
        }
        let label = label(&written.kind);
        match index_of(written) {
            Some(Key {
                using_index: Some(index),
                ..
            }) => index.clone(),
            Some(_) => {
                let names = named_columns(written, only);
                self.choose_relation_name(table, &names, label, true)
            }
            None => {
                let names = named_columns(written, only);
                self.choose_constraint_name(&table.schema, &table.name, &names, label)
            }
        }
    }

    /// The name of the index of a new table's only key.
    pub(crate) fn name_of_first_key(&self, table: &Name, written: &statement::Constraint) -> Name {
        Name {
            schema: table.schema.clone(),
            name: self.name_for(table, written, None),
        }
    }

    /// The name of the index of a new key of a table, unless something has it.
    pub(crate) fn free_name_of_key(
        &self,
        table: &Name,
        written: &statement::Constraint,
    ) -> Option<Name> {
        let name = self.name_of_first_key(table, written);
        let is_taken =
            self.kind_of(&name).is_some() || self.has_constraint(&name.schema, &name.name);
        (!is_taken).then_some(name)
    }

    /// Adds a constraint, applies what it means for its columns, and passes it on to the tables that
    /// inherit.
    pub(super) fn hold(&mut self, id: RelationId, constraint: Constraint, origin: &Origin) {
        if let Some(parent) = target(&constraint.kind) {
            self.note_reference(id, Link::Key, parent);
        }
        let is_alone = |one: &Relation| one.children.is_empty();
        if self.relations.get(&id).is_none_or(is_alone) {
            return self.keep(id, constraint);
        }
        self.keep(id, constraint.clone());
        let Some(parent) = self.relations.get(&id).cloned() else {
            return;
        };
        let passes_on = !constraint.kind.is_indexed() && !constraint.no_inherit;
        let is_foreign = matches!(constraint.kind, ConstraintKind::ForeignKey { .. });
        for child in self.family(id).into_iter().skip(1) {
            // A partition has the foreign keys of its table; other inheriting tables do not.
            let heir = self.relations.get(&child);
            let is_partition = heir.is_some_and(|heir| heir.partition_of.is_some());
            if passes_on && (is_partition || !is_foreign) {
                self.copy_constraint(child, &parent, &constraint);
            }
        }
        if !passes_on {
            self.pass_indexes_on(id, origin);
        }
    }

    /// Adds it to the table alone.
    fn keep(&mut self, id: RelationId, constraint: Constraint) {
        let Some(schema) = self.relations.get(&id).map(|one| one.name.schema.clone()) else {
            return;
        };
        self.note_constraint(&schema, &constraint.name);
        let Some(relation) = self.relations.get_mut(&id) else {
            return;
        };
        if matches!(
            constraint.kind,
            ConstraintKind::PrimaryKey | ConstraintKind::NotNull
        ) {
            for column in &mut relation.columns {
                column.not_null |= constraint.columns.contains(&column.id);
            }
        }
        relation.constraints.push(constraint);
    }

    /// Adds the index of a key: a new one, or the one that `USING INDEX` names, renamed.
    fn back(&mut self, id: RelationId, constraint: &Constraint, key: &Key) {
        if let Some(index) = &key.using_index {
            return self.rename_index(id, index, &constraint.name);
        }
        let Some(relation) = self.relations.get(&id) else {
            return;
        };
        let include = relation.ids(&key.include);
        let mut keys = Vec::with_capacity(constraint.columns.len());
        for column in &constraint.columns {
            keys.push(IndexKey {
                column: Some(*column),
                ..IndexKey::default()
            });
        }
        let index = Index {
            name: constraint.name.clone(),
            method: "btree".to_owned(),
            keys,
            columns: [constraint.columns.clone(), include.clone()].concat(),
            include,
            predicate: None,
            unique: !matches!(constraint.kind, ConstraintKind::Exclude(_)),
            nulls_not_distinct: key.nulls_not_distinct,
            valid: true,
            origin: constraint.origin.clone(),
        };
        self.push_index(id, index);
    }

    fn foreign_key(&self, key: &ForeignKey) -> ConstraintKind {
        let parent = self.relation(&key.parent);
        let parent_columns = parent.map(|parent| match key.parent_columns.is_empty() {
            false => parent.ids(&key.parent_columns),
            true => parent.primary_key().to_vec(),
        });
        ConstraintKind::ForeignKey {
            parent: self.reference(&key.parent),
            parent_columns: parent_columns.unwrap_or_default(),
            match_full: key.match_full,
            on_delete: key.on_delete,
            set_columns: key.set_columns.clone(),
            on_update: key.on_update,
        }
    }

    /// What a foreign key of a partition has to be like, so that PostgreSQL takes it for this new one of its table.
    pub(crate) fn new_key(&self, constraint: &statement::Constraint, key: &ForeignKey) -> Alike {
        Alike {
            kind: self.foreign_key(key),
            columns: key.columns.clone(),
            enforced: constraint.enforced,
            deferrable: constraint.deferrable,
            initially_deferred: constraint.initially_deferred,
        }
    }

    /// The foreign key of a partition that PostgreSQL takes for that of its table.
    pub(crate) fn key_like<'a>(
        &self,
        partition: &'a Relation,
        wanted: &Alike,
    ) -> Option<&'a Constraint> {
        let columns = partition.ids(&wanted.columns);
        // The name in the reference is the one at the time of the reference.
        let is_wanted = |kind: &ConstraintKind| {
            let mut kind = kind.clone();
            if let (ConstraintKind::ForeignKey { parent, .. }, Some(wanted)) =
                (&mut kind, target(&wanted.kind))
                && parent.id.is_some()
            {
                parent.name.clone_from(&wanted.name);
            }
            kind == wanted.kind
        };
        partition.constraints.iter().find(|own| {
            own.enforced == wanted.enforced
                && own.columns == columns
                && own.deferrable == wanted.deferrable
                && own.initially_deferred == wanted.initially_deferred
                && is_wanted(&own.kind)
        })
    }

    /// Copies a check or foreign key to another table whose columns have the same names.
    pub(super) fn copy_constraint(
        &mut self,
        id: RelationId,
        source: &Relation,
        constraint: &Constraint,
    ) {
        let Some(relation) = self.relations.get_mut(&id) else {
            return;
        };
        let mut copy = constraint.clone();
        copy.columns = same(source, &constraint.columns, relation);
        let is_there = |one: &Constraint| {
            let is_not_null = one.kind == ConstraintKind::NotNull && one.kind == copy.kind;
            one.name == copy.name || is_not_null && one.columns == copy.columns
        };
        if relation.constraints.iter().any(is_there) {
            return;
        }
        relation.constraints.push(copy);
        let schema = relation.name.schema.clone();
        self.note_constraint(&schema, &constraint.name);
        if let Some(parent) = target(&constraint.kind) {
            self.note_reference(id, Link::Key, parent);
        }
    }

    pub(super) fn constraint_mut(&mut self, table: &Name, name: &str) -> Option<&mut Constraint> {
        let constraints = &mut self.relation_mut(table)?.constraints;
        constraints.iter_mut().find(|c| c.name == name)
    }

    pub(super) fn validate(&mut self, table: &Name, name: &str) {
        if let Some(domain) = self.domain_mut(table) {
            for constraint in &mut domain.constraints {
                if constraint.name.as_deref() == Some(name) {
                    constraint.not_valid = false;
                }
            }
        }
        let Some(id) = self.id(table) else { return };
        for id in self.family(id) {
            let relation = self.relations.get_mut(&id);
            let constraints = relation.into_iter().flat_map(|r| &mut r.constraints);
            for constraint in constraints.filter(|c| c.name == name && c.enforced) {
                constraint.valid = true;
            }
        }
    }

    /// `ALTER CONSTRAINT`. A constraint that is enforced again is also checked again.
    pub(super) fn alter_constraint(
        &mut self,
        table: &Name,
        name: &str,
        change: &ConstraintAttributes,
    ) {
        let Some(constraint) = self.constraint_mut(table, name) else {
            return;
        };
        if let Some(deferrable) = change.deferrable {
            constraint.deferrable = deferrable;
        }
        if let Some(deferred) = change.initially_deferred {
            constraint.initially_deferred = deferred;
        }
        if let Some(enforced) = change.enforced {
            constraint.enforced = enforced;
            constraint.valid = enforced;
        }
        if let Some(no_inherit) = change.no_inherit {
            constraint.no_inherit = no_inherit;
        }
    }
}

/// When a constraint of a statement is added.
const fn turn(constraint: &statement::Constraint) -> u8 {
    match &constraint.kind {
        statement::ConstraintKind::Check(_) | statement::ConstraintKind::NotNull { .. } => 0,
        statement::ConstraintKind::PrimaryKey(_) => 1,
        statement::ConstraintKind::Unique(_) | statement::ConstraintKind::Exclude { .. } => 2,
        statement::ConstraintKind::ForeignKey(_) => LAST_TURN,
    }
}

const LAST_TURN: u8 = 3;

/// The end of the name that PostgreSQL generates for a constraint.
const fn label(kind: &statement::ConstraintKind) -> &'static str {
    match kind {
        statement::ConstraintKind::Check(_) => "check",
        statement::ConstraintKind::NotNull { .. } => "not_null",
        statement::ConstraintKind::ForeignKey(_) => "fkey",
        statement::ConstraintKind::PrimaryKey(_) => "pkey",
        statement::ConstraintKind::Unique(_) => "key",
        statement::ConstraintKind::Exclude { .. } => "excl",
    }
}

/// The key of a constraint that has an index; `None` for others.
fn index_of(written: &statement::Constraint) -> Option<&Key> {
    static OF_ELEMENTS: LazyLock<Key> = LazyLock::new(Key::default);
    match &written.kind {
        statement::ConstraintKind::PrimaryKey(key) | statement::ConstraintKind::Unique(key) => {
            Some(key)
        }
        statement::ConstraintKind::Exclude { .. } => Some(&OF_ELEMENTS),
        statement::ConstraintKind::Check(_)
        | statement::ConstraintKind::NotNull { .. }
        | statement::ConstraintKind::ForeignKey(_) => None,
    }
}

/// The columns that a constraint uses.
fn columns_of(relation: &Relation, written: &statement::Constraint) -> Vec<ColumnId> {
    match &written.kind {
        statement::ConstraintKind::Check(expression) => relation.ids(&expression.columns),
        statement::ConstraintKind::NotNull { column } => relation.ids(std::slice::from_ref(column)),
        statement::ConstraintKind::ForeignKey(key) => relation.ids(&key.columns),
        statement::ConstraintKind::PrimaryKey(key) | statement::ConstraintKind::Unique(key) => {
            key_columns(relation, key)
        }
        statement::ConstraintKind::Exclude { elements, .. } => {
            let named = elements.iter().map(|element| first_word(element));
            relation.ids(&named.collect::<Vec<String>>())
        }
    }
}

/// The columns of another table with the same names.
pub(super) fn same(source: &Relation, columns: &[ColumnId], target: &Relation) -> Vec<ColumnId> {
    let names = columns.iter().filter_map(|column| source.name_of(*column));
    let found = names.filter_map(|name| target.column(name));
    found.map(|column| column.id).collect()
}

fn key_columns(relation: &Relation, key: &Key) -> Vec<ColumnId> {
    let Some(name) = &key.using_index else {
        return relation.ids(&key.columns);
    };
    let index = relation.indexes.iter().find(|index| index.name == *name);
    let keys = index.into_iter().flat_map(|index| &index.keys);
    keys.filter_map(|key| key.column).collect()
}

/// The columns from which a generated name is built.
fn named_columns(written: &statement::Constraint, only: Option<&str>) -> String {
    match &written.kind {
        // A check has a column in its name only if it uses exactly one.
        statement::ConstraintKind::Check(_) => only.unwrap_or_default().to_owned(),
        statement::ConstraintKind::PrimaryKey(_) => String::new(),
        statement::ConstraintKind::NotNull { column } => column.clone(),
        statement::ConstraintKind::ForeignKey(key) => index_name_addition(&key.columns),
        statement::ConstraintKind::Unique(key) => {
            index_name_addition(key.columns.iter().chain(&key.include))
        }
        statement::ConstraintKind::Exclude { elements, .. } => {
            let words: Vec<String> = elements.iter().map(|e| first_word(e)).collect();
            index_name_addition(&words)
        }
    }
}

/// The column of an element such as `room WITH =`; an expression has none.
fn first_word(element: &str) -> String {
    let word = element.split_whitespace().next().unwrap_or_default();
    match word.contains('(') {
        true => "expr".to_owned(),
        false => word.trim_matches('"').to_owned(),
    }
}

/// What makes foreign keys of a table and of its partition equal, with the names of the columns.
pub(crate) struct Alike {
    kind: ConstraintKind,
    columns: Vec<String>,
    enforced: bool,
    deferrable: bool,
    initially_deferred: bool,
}

impl Alike {
    /// What a foreign key of a partition has to be like, to be taken for this one of its table.
    pub(crate) fn of(table: &Relation, key: &Constraint) -> Option<Self> {
        target(&key.kind)?;
        let columns = key.columns.iter().map(|column| table.name_of(*column));
        let columns: Option<Vec<&str>> = columns.collect();
        Some(Self {
            kind: key.kind.clone(),
            columns: columns?.into_iter().map(str::to_owned).collect(),
            enforced: key.enforced,
            deferrable: key.deferrable,
            initially_deferred: key.initially_deferred,
        })
    }
}
