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
    match context.change() {
        Change::CreateTable(create) => {
            let inside = create.columns.iter().flat_map(|column| &column.constraints);
            let all = inside.chain(&create.constraints);
            all.filter_map(|constraint| {
                foreign(context, &create.table, constraint, Some(create), None)
            })
            .collect()
        }
        Change::AddColumn { table, column, .. } => {
            let all = column.constraints.iter();
            all.filter_map(|constraint| foreign(context, table, constraint, None, Some(column)))
                .collect()
        }
        Change::AddConstraint { table, constraint } => {
            let one = foreign(context, table, constraint, None, None);
            one.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn foreign<'a>(
    context: &Context<'_>,
    table: &'a Name,
    constraint: &'a Constraint,
    definition: Option<&'a CreateTable>,
    column: Option<&'a statement::Column>,
) -> Option<Foreign<'a>> {
    let statement::ConstraintKind::ForeignKey(key) = &constraint.kind else {
        return None;
    };
    let span = match constraint.span.is_empty() {
        true => context.clause.span.clone(),
        false => constraint.span.clone(),
    };
    Some(Foreign {
        table,
        key,
        span,
        definition,
        column,
    })
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
        let columns = parent.primary_key().iter();
        columns
            .filter_map(|id| parent.name_of(*id).map(str::to_owned))
            .collect()
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

    /// The type of a column of the table that has the foreign key.
    pub(in crate::rules) fn type_of(
        &self,
        context: &Context<'a>,
        column: &str,
    ) -> Option<&'a DataType> {
        let definition = self.definition.into_iter();
        let mut written = definition
            .flat_map(|create| &create.columns)
            .chain(self.column);
        match written.find(|one| one.name == column) {
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
        let definition = self.definition.into_iter();
        let mut written = definition
            .flat_map(|create| &create.columns)
            .chain(self.column);
        match written.find(|one| one.name == column) {
            Some(column) => Some(&column.value),
            None => Some(&context.certain(self.table)?.column(column)?.value),
        }
    }
}
