//! The foreign keys that a statement creates, with the columns on both sides.

use std::ops::Range;

use crate::check::context::Context;
use crate::schema::{Answer, Relation};
use crate::statement::{
    self, Change, ColumnValue, Constraint, CreateTable, DataType, ForeignKey, Name, ObjectKind,
    Persistence,
};

/// A foreign key and the table that it is created on.
pub(in crate::rules) struct Foreign<'a> {
    pub(in crate::rules) table: &'a Name,
    pub(in crate::rules) key: &'a ForeignKey,
    pub(in crate::rules) span: Range<usize>,
    /// The table's definition, if the statement creates the table.
    definition: Option<&'a CreateTable>,
    /// The new column, if the statement adds one.
    column: Option<&'a statement::Column>,
}

pub(in crate::rules) fn foreign_keys<'a>(context: &Context<'a>) -> Vec<Foreign<'a>> {
    let mut found = Vec::new();
    let mut add = |table: &'a Name, constraints: &'a [Constraint], definition, column| {
        for constraint in constraints {
            if let statement::ConstraintKind::ForeignKey(key) = &constraint.kind {
                let is_alone = constraint.span.is_empty();
                let span = match is_alone {
                    true => &context.clause.span,
                    false => &constraint.span,
                };
                found.push(Foreign {
                    table,
                    key,
                    span: span.clone(),
                    definition,
                    column,
                });
            }
        }
    };
    match context.change() {
        Change::CreateTable(create) => {
            let create: &'a CreateTable = create;
            for column in &create.columns {
                add(&create.table, &column.constraints, Some(create), None);
            }
            add(&create.table, &create.constraints, Some(create), None);
        }
        Change::AddColumn { table, column, .. } => {
            add(table, &column.constraints, None, Some(&**column));
        }
        Change::AddConstraint { table, constraint } => {
            add(table, std::slice::from_ref(&**constraint), None, None);
        }
        _ => {}
    }
    found
}

impl<'a> Foreign<'a> {
    /// The table that it points to, if the history knows the whole table. `None` for a table that this
    /// statement creates.
    pub(in crate::rules) fn parent(&self, context: &Context<'a>) -> Option<&'a Relation> {
        let parent = context.schema.relation(&self.key.parent)?;
        let certain = context
            .schema
            .exists(ObjectKind::Table, &self.key.parent, None);
        (certain == Answer::Yes && parent.columns_known).then_some(parent)
    }

    /// Whether it points to the table that the statement itself creates.
    pub(in crate::rules) fn is_of_itself(&self) -> bool {
        self.definition.is_some() && *self.table == self.key.parent
    }

    /// The columns that it points to: the ones that it names, or those of the primary key.
    pub(in crate::rules) fn parent_columns(&self, context: &Context<'a>) -> Vec<String> {
        if !self.key.parent_columns.is_empty() {
            return self.key.parent_columns.clone();
        }
        if self.is_of_itself() {
            return self.own_keys(true).into_iter().next().unwrap_or_default();
        }
        let Some(parent) = self.parent(context) else {
            return Vec::new();
        };
        let mut names = Vec::new();
        for id in parent.primary_key() {
            names.extend(parent.name_of(*id).map(str::to_owned));
        }
        names
    }

    /// The columns of the primary key of the table that the statement creates and, unless
    /// `only_primary`, of its unique constraints.
    pub(in crate::rules) fn own_keys(&self, only_primary: bool) -> Vec<Vec<String>> {
        let definition = self.definition.into_iter();
        let keys = definition.flat_map(|create| {
            let inside = create.columns.iter().flat_map(|column| &column.constraints);
            inside.chain(&create.constraints)
        });
        keys.filter_map(|constraint| match &constraint.kind {
            statement::ConstraintKind::PrimaryKey(key) => Some(key.columns.clone()),
            statement::ConstraintKind::Unique(key) if !only_primary => Some(key.columns.clone()),
            statement::ConstraintKind::Unique(_)
            | statement::ConstraintKind::Check(_)
            | statement::ConstraintKind::NotNull { .. }
            | statement::ConstraintKind::ForeignKey(_)
            | statement::ConstraintKind::Exclude { .. } => None,
        })
        .collect()
    }

    /// The definition of a column of the table that has the foreign key, if the statement has it.
    fn written(&self, name: &str) -> Option<&'a statement::Column> {
        if let Some(create) = self.definition {
            for column in &create.columns {
                if column.name == name {
                    return Some(column);
                }
            }
        }
        self.column.filter(|column| column.name == name)
    }

    /// The type of a column of the table that has the foreign key.
    pub(in crate::rules) fn type_of(
        &self,
        context: &Context<'a>,
        column: &str,
    ) -> Option<&'a DataType> {
        match self.written(column) {
            Some(column) => Some(&column.data_type),
            None => context
                .schema
                .column(self.table, column)?
                .data_type
                .as_ref(),
        }
    }

    /// The type of a column that it points to.
    pub(in crate::rules) fn parent_type(
        &self,
        context: &Context<'a>,
        column: &str,
    ) -> Option<&'a DataType> {
        match self.is_of_itself() {
            true => self.type_of(context, column),
            false => self.parent(context)?.column(column)?.data_type.as_ref(),
        }
    }

    /// How long the table lives that has the foreign key.
    pub(in crate::rules) fn persistence(&self, context: &Context<'a>) -> Option<Persistence> {
        match self.definition {
            Some(create) => Some(create.persistence),
            None => Some(context.certain(self.table)?.persistence),
        }
    }

    /// How a column of the table that has the foreign key gets its value.
    pub(in crate::rules) fn value_of(
        &self,
        context: &Context<'a>,
        column: &str,
    ) -> Option<&'a ColumnValue> {
        match self.written(column) {
            Some(column) => Some(&column.value),
            None => Some(&context.certain(self.table)?.column(column)?.value),
        }
    }
}
