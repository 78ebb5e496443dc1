//! The columns, constraints and keys that a clause creates, wherever they are written.

use std::ops::Range;

use crate::check::context::Context;
use crate::schema::Relation;
use crate::statement::{
    Change, Column, Constraint, ConstraintKind, CreateTable, DataType, IndexKey, Key, Name,
    PartitionBy,
};

/// A column that a clause creates.
pub(in crate::rules) struct NewColumn<'a> {
    /// The table; the domain itself for a domain.
    pub(in crate::rules) table: &'a Name,
    pub(in crate::rules) column: &'a Column,
    pub(in crate::rules) create: Option<&'a CreateTable>,
    pub(in crate::rules) of_domain: bool,
}

/// A constraint that a clause creates.
pub(in crate::rules) struct NewConstraint<'a> {
    pub(in crate::rules) table: &'a Name,
    pub(in crate::rules) constraint: &'a Constraint,
    pub(in crate::rules) span: Range<usize>,
    pub(in crate::rules) column: Option<&'a Column>,
    pub(in crate::rules) create: Option<&'a CreateTable>,
    pub(in crate::rules) of_domain: bool,
}

/// Whether `IF NOT EXISTS` finds the object, or may find it: then nothing is created.
fn may_be_there(context: &Context<'_>) -> bool {
    match context.change() {
        Change::CreateTable(create) => {
            create.if_not_exists && context.schema.kind_of(&create.table).is_some()
        }
        Change::AddColumn {
            table,
            column,
            if_not_exists,
        } => *if_not_exists && context.schema.column(table, &column.name).is_some(),
        _ => false,
    }
}

pub(in crate::rules) fn columns<'a>(context: &Context<'a>) -> Vec<NewColumn<'a>> {
    if may_be_there(context) {
        return Vec::new();
    }
    let one = |table, column, create, of_domain| NewColumn {
        table,
        column,
        create,
        of_domain,
    };
    match context.change() {
        Change::CreateTable(create) => {
            let columns = create.columns.iter();
            columns
                .map(|column| one(&create.table, column, Some(&**create), false))
                .collect()
        }
        Change::AddColumn { table, column, .. } => vec![one(table, column, None, false)],
        Change::CreateDomain { name, column } => vec![one(name, column, None, true)],
        _ => Vec::new(),
    }
}

pub(in crate::rules) fn constraints<'a>(context: &Context<'a>) -> Vec<NewConstraint<'a>> {
    if may_be_there(context) {
        return Vec::new();
    }
    let one = |table, constraint: &'a Constraint, column, create, of_domain| NewConstraint {
        table,
        constraint,
        span: match constraint.span.is_empty() {
            true => context.clause.span.clone(),
            false => constraint.span.clone(),
        },
        column,
        create,
        of_domain,
    };
    let mut found: Vec<NewConstraint<'a>> = columns(context)
        .into_iter()
        .flat_map(|new| {
            let constraints = new.column.constraints.iter();
            constraints.map(move |constraint| {
                one(
                    new.table,
                    constraint,
                    Some(new.column),
                    new.create,
                    new.of_domain,
                )
            })
        })
        .collect();
    match context.change() {
        Change::CreateTable(create) => {
            let whole = create.constraints.iter();
            found.extend(whole.map(|it| one(&create.table, it, None, Some(&**create), false)));
        }
        Change::AddConstraint { table, constraint } => {
            found.push(one(
                table,
                constraint,
                None,
                None,
                context.statement.of_domain,
            ));
        }
        _ => {}
    }
    found
}

/// An index that a clause creates, also for a constraint.
pub(in crate::rules) struct NewIndex<'a> {
    pub(in crate::rules) table: &'a Name,
    pub(in crate::rules) create: Option<&'a CreateTable>,
    /// The new column whose definition contains it.
    pub(in crate::rules) column: Option<&'a Column>,
    pub(in crate::rules) method: &'a str,
    /// Its columns and expressions; `PRIMARY KEY` and `UNIQUE` have columns only.
    pub(in crate::rules) keys: Vec<IndexKey>,
    pub(in crate::rules) unique: bool,
    /// `PRIMARY KEY`, `UNIQUE`, `EXCLUDE` or `INDEX`.
    pub(in crate::rules) word: &'static str,
    pub(in crate::rules) span: Range<usize>,
}

pub(in crate::rules) fn indexes<'a>(context: &Context<'a>) -> Vec<NewIndex<'a>> {
    if let Change::CreateIndex(create) = context.change() {
        return vec![NewIndex {
            table: &create.table,
            create: None,
            column: None,
            method: &create.method,
            keys: create.keys.clone(),
            unique: create.unique,
            word: "INDEX",
            span: context.clause.span.clone(),
        }];
    }
    let built = constraints(context).into_iter().filter_map(|new| {
        let (method, keys, unique) = match &new.constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                ("btree", plain(key)?, true)
            }
            ConstraintKind::Exclude { method, keys, .. } => (method.as_str(), keys.clone(), false),
            ConstraintKind::Check(_)
            | ConstraintKind::NotNull { .. }
            | ConstraintKind::ForeignKey(_) => return None,
        };
        Some(NewIndex {
            table: new.table,
            create: new.create,
            column: new.column,
            method,
            keys,
            unique,
            word: new.constraint.kind.word(),
            span: new.span,
        })
    });
    built.collect()
}

/// The keys of the index that the constraint builds; `None` if it uses an existing index.
fn plain(key: &Key) -> Option<Vec<IndexKey>> {
    let columns = key.columns.iter().map(|column| IndexKey {
        column: Some(column.clone()),
        ..IndexKey::default()
    });
    key.using_index.is_none().then(|| columns.collect())
}

impl<'a> NewIndex<'a> {
    /// The table, if the history knows all of it.
    fn relation(&self, context: &Context<'a>) -> Option<&'a Relation> {
        context.certain(self.table)
    }

    /// How the table is partitioned.
    pub(in crate::rules) fn partition_by(&self, context: &Context<'a>) -> Option<&'a PartitionBy> {
        match self.create {
            Some(create) => create.partition_by.as_ref(),
            None => self.relation(context)?.partition_by.as_ref(),
        }
    }

    /// The type of a column of the table.
    pub(in crate::rules) fn type_of(
        &self,
        context: &Context<'a>,
        column: &str,
    ) -> Option<&'a DataType> {
        let created = self.create.into_iter().flat_map(|create| &create.columns);
        match created.chain(self.column).find(|one| one.name == column) {
            Some(column) => Some(&column.data_type),
            None => self.relation(context)?.column(column)?.data_type.as_ref(),
        }
    }
}
