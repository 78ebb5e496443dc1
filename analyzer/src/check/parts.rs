//! The columns, constraints and keys that a clause creates, wherever they are written.

use std::ops::Range;

use crate::check::context::Context;
use crate::schema::{Relation, Schema};
use crate::statement::{
    Change, Clause, Column, ColumnValue, Constraint, ConstraintKind, CreateTable, DataType,
    IndexKey, Key, Name, PartitionBy, Statement,
};

/// What a clause creates, read once for all rules.
#[derive(Default)]
pub(crate) struct Parts<'a> {
    columns: Vec<NewColumn<'a>>,
    constraints: Vec<NewConstraint<'a>>,
    indexes: Vec<NewIndex<'a>>,
}

impl<'a> Parts<'a> {
    /// The parts of a clause, with the schema just before it.
    pub(crate) fn of(statement: &Statement, clause: &'a Clause, schema: &Schema) -> Self {
        if may_be_there(&clause.change, schema) {
            return Self::default();
        }
        let columns = all_columns(&clause.change);
        let constraints = all_constraints(statement, clause, &columns);
        let indexes = all_indexes(clause, &constraints);
        Self {
            columns,
            constraints,
            indexes,
        }
    }
}

pub(crate) fn columns<'c, 'a>(context: &'c Context<'a>) -> &'c [NewColumn<'a>] {
    &context.parts.columns
}

pub(crate) fn constraints<'c, 'a>(context: &'c Context<'a>) -> &'c [NewConstraint<'a>] {
    &context.parts.constraints
}

pub(crate) fn indexes<'c, 'a>(context: &'c Context<'a>) -> &'c [NewIndex<'a>] {
    &context.parts.indexes
}

/// A column that a clause creates.
pub(crate) struct NewColumn<'a> {
    /// The table; the domain itself for a domain.
    pub(crate) table: &'a Name,
    pub(crate) column: &'a Column,
    pub(crate) create: Option<&'a CreateTable>,
    pub(crate) of_domain: bool,
}

/// A constraint that a clause creates.
pub(crate) struct NewConstraint<'a> {
    pub(crate) table: &'a Name,
    pub(crate) constraint: &'a Constraint,
    pub(crate) span: Range<usize>,
    pub(crate) column: Option<&'a Column>,
    pub(crate) create: Option<&'a CreateTable>,
    pub(crate) of_domain: bool,
}

/// Whether `IF NOT EXISTS` finds the object, or may find it: then nothing is created.
fn may_be_there(change: &Change, schema: &Schema) -> bool {
    match change {
        Change::CreateTable(create) => {
            create.if_not_exists && schema.kind_of(&create.table).is_some()
        }
        Change::AddColumn {
            table,
            column,
            if_not_exists,
        } => *if_not_exists && schema.column(table, &column.name).is_some(),
        _ => false,
    }
}

fn all_columns(change: &Change) -> Vec<NewColumn<'_>> {
    let one = |table, column, create, of_domain| NewColumn {
        table,
        column,
        create,
        of_domain,
    };
    match change {
        Change::CreateTable(create) => {
            let mut all = Vec::with_capacity(create.columns.len());
            for column in &create.columns {
                all.push(one(&create.table, column, Some(&**create), false));
            }
            all
        }
        Change::AddColumn { table, column, .. } => vec![one(table, column, None, false)],
        Change::CreateDomain { name, column } => vec![one(name, column, None, true)],
        _ => Vec::new(),
    }
}

fn all_constraints<'a>(
    statement: &Statement,
    clause: &'a Clause,
    columns: &[NewColumn<'a>],
) -> Vec<NewConstraint<'a>> {
    let one = |table, constraint: &'a Constraint, column, create, of_domain| NewConstraint {
        table,
        constraint,
        span: match constraint.span.is_empty() {
            true => clause.span.clone(),
            false => constraint.span.clone(),
        },
        column,
        create,
        of_domain,
    };
    let mut found: Vec<NewConstraint<'a>> = Vec::new();
    for new in columns {
        for constraint in &new.column.constraints {
            found.push(one(
                new.table,
                constraint,
                Some(new.column),
                new.create,
                new.of_domain,
            ));
        }
    }
    match &clause.change {
        Change::CreateTable(create) => {
            for constraint in &create.constraints {
                found.push(one(&create.table, constraint, None, Some(&**create), false));
            }
        }
        Change::AddConstraint { table, constraint } => {
            found.push(one(table, constraint, None, None, statement.of_domain));
        }
        _ => {}
    }
    found
}

/// An index that a clause creates, also for a constraint.
pub(crate) struct NewIndex<'a> {
    pub(crate) table: &'a Name,
    pub(crate) create: Option<&'a CreateTable>,
    /// The new column whose definition contains it.
    pub(crate) column: Option<&'a Column>,
    pub(crate) method: &'a str,
    /// Its columns and expressions.
    pub(crate) keys: Vec<NewKey<'a>>,
    pub(crate) unique: bool,
    /// `PRIMARY KEY`, `UNIQUE`, `EXCLUDE` or `INDEX`.
    pub(crate) word: &'static str,
    pub(crate) span: Range<usize>,
}

/// A key of a new index.
#[derive(Clone, Copy)]
pub(crate) struct NewKey<'a> {
    /// The column, unless it is an expression.
    pub(crate) column: Option<&'a str>,
    /// As it is written; `None` in a `PRIMARY KEY` or `UNIQUE`, which have names of columns only.
    pub(crate) written: Option<&'a IndexKey>,
}

fn written(keys: &[IndexKey]) -> Vec<NewKey<'_>> {
    let mut all = Vec::with_capacity(keys.len());
    for key in keys {
        all.push(NewKey {
            column: key.column.as_deref(),
            written: Some(key),
        });
    }
    all
}

fn all_indexes<'a>(clause: &'a Clause, constraints: &[NewConstraint<'a>]) -> Vec<NewIndex<'a>> {
    if let Change::CreateIndex(create) = &clause.change {
        return vec![NewIndex {
            table: &create.table,
            create: None,
            column: None,
            method: &create.method,
            keys: written(&create.keys),
            unique: create.unique,
            word: "INDEX",
            span: clause.span.clone(),
        }];
    }
    let mut built = Vec::new();
    for new in constraints {
        let (method, keys, unique) = match &new.constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                let Some(keys) = plain(key) else { continue };
                ("btree", keys, true)
            }
            ConstraintKind::Exclude { method, keys, .. } => (method.as_str(), written(keys), false),
            ConstraintKind::Check(_)
            | ConstraintKind::NotNull { .. }
            | ConstraintKind::ForeignKey(_) => continue,
        };
        built.push(NewIndex {
            table: new.table,
            create: new.create,
            column: new.column,
            method,
            keys,
            unique,
            word: new.constraint.kind.word(),
            span: new.span.clone(),
        });
    }
    built
}

/// The keys of the index that the constraint builds; `None` if it uses an existing index.
fn plain(key: &Key) -> Option<Vec<NewKey<'_>>> {
    if key.using_index.is_some() {
        return None;
    }
    let mut all = Vec::with_capacity(key.columns.len());
    for column in &key.columns {
        all.push(NewKey {
            column: Some(column),
            written: None,
        });
    }
    Some(all)
}

impl<'a> NewIndex<'a> {
    /// The table, if the history knows all of it.
    fn relation(&self, context: &Context<'a>) -> Option<&'a Relation> {
        context.certain(self.table)
    }

    /// How the table is partitioned.
    pub(crate) fn partition_by(&self, context: &Context<'a>) -> Option<&'a PartitionBy> {
        match self.create {
            Some(create) => create.partition_by.as_ref(),
            None => self.relation(context)?.partition_by.as_ref(),
        }
    }

    /// How a column of the table gets its value.
    pub(crate) fn value_of(&self, context: &Context<'a>, column: &str) -> Option<&'a ColumnValue> {
        match self.created(column) {
            Some(column) => Some(&column.value),
            None => Some(&self.relation(context)?.column(column)?.value),
        }
    }

    /// The definition of the column, if the clause has it.
    fn created(&self, name: &str) -> Option<&'a Column> {
        if let Some(create) = self.create {
            for column in &create.columns {
                if column.name == name {
                    return Some(column);
                }
            }
        }
        self.column.filter(|column| column.name == name)
    }

    /// The type of a column of the table.
    pub(crate) fn type_of(&self, context: &Context<'a>, column: &str) -> Option<&'a DataType> {
        match self.created(column) {
            Some(column) => Some(&column.data_type),
            None => self.relation(context)?.column(column)?.data_type.as_ref(),
        }
    }
}
