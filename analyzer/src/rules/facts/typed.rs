//! Every place where a statement gives a column, attribute or domain a type.

use std::ops::Range;

use crate::check::context::Context;
use crate::check::rule::SpannedMessage;
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Column, DataType, Name, Persistence};

/// The subjects of a rule about what [`each`] finds.
pub(in crate::rules) const SUBJECTS: &[Subject] = &[
    Subject::CreateTable,
    Subject::AddColumn,
    Subject::ColumnType,
    Subject::CreateType,
    Subject::SetAttribute,
    Subject::CreateDomain,
];

/// A column, attribute or domain that gets a type.
pub(in crate::rules) struct Typed<'a> {
    /// The table or type; the domain itself for a domain.
    of: &'a Name,
    /// The name alone.
    pub(in crate::rules) column: &'a str,
    is_domain: bool,
    pub(in crate::rules) data_type: &'a DataType,
    pub(in crate::rules) span: Range<usize>,
}

impl Typed<'_> {
    /// `app.users.email`; for a domain its own name.
    pub(in crate::rules) fn shown(&self) -> String {
        match self.is_domain {
            true => self.of.to_string(),
            false => format!("{}.{}", self.of, self.column),
        }
    }
}

/// The messages that `judge` returns for each place with one of these types of `pg_catalog`.
pub(in crate::rules) fn each(
    context: &Context<'_>,
    types: &[&str],
    judge: impl Fn(&Typed<'_>) -> Option<Message>,
) -> Vec<SpannedMessage> {
    let mut found = Vec::new();
    for typed in of_types(context, types) {
        if let Some(message) = judge(&typed) {
            found.push((typed.span, message));
        }
    }
    found
}

fn of_types<'a>(context: &Context<'a>, types: &[&str]) -> Vec<Typed<'a>> {
    let is_one = |data_type: &DataType| types.iter().any(|name| is(data_type, name));
    if let Change::CreateTable(create) = context.change()
        && !create.columns.iter().any(|one| is_one(&one.data_type))
    {
        return Vec::new();
    }
    let mut places = places(context);
    places.retain(|typed| is_one(typed.data_type));
    places
}

/// Skips temporary tables, which do not last, and tables and columns that exist already, because
/// `IF NOT EXISTS` does not create them again.
pub(in crate::rules) fn places<'a>(context: &Context<'a>) -> Vec<Typed<'a>> {
    let here = || context.clause.span.clone();
    let one = |of: &'a Name, column: &'a str, data_type: &'a DataType, span| Typed {
        of,
        column,
        is_domain: false,
        data_type,
        span,
    };
    let of_column = |table: &'a Name, column: &'a Column| {
        one(table, &column.name, &column.data_type, column.span.clone())
    };
    match context.change() {
        Change::CreateTable(create) => {
            let is_there = create.if_not_exists && context.schema.relation(&create.table).is_some();
            if is_there || create.persistence == Persistence::Temporary {
                return Vec::new();
            }
            let columns = create.columns.iter();
            columns
                .map(|column| of_column(&create.table, column))
                .collect()
        }
        Change::AddColumn {
            table,
            column,
            if_not_exists,
        } => {
            let is_there = *if_not_exists && context.schema.column(table, &column.name).is_some();
            if is_there {
                Vec::new()
            } else {
                vec![of_column(table, column)]
            }
        }
        Change::ColumnType {
            table,
            column,
            data_type,
            ..
        } => {
            vec![one(table, column, data_type, here())]
        }
        Change::CreateType {
            name,
            body: crate::statement::TypeBody::Composite(attributes),
        } => {
            let attributes = attributes.iter();
            attributes
                .map(|attribute| one(name, &attribute.name, &attribute.data_type, here()))
                .collect()
        }
        Change::SetAttribute {
            name, attribute, ..
        } => {
            vec![one(name, &attribute.name, &attribute.data_type, here())]
        }
        Change::CreateDomain { name, column } => vec![Typed {
            of: name,
            column: &name.name,
            is_domain: true,
            data_type: &column.data_type,
            span: here(),
        }],
        _ => Vec::new(),
    }
}

/// Whether this is the type of that name in `pg_catalog`.
pub(in crate::rules) fn is(data_type: &DataType, name: &str) -> bool {
    data_type.schema.is_none() && data_type.name == name
}

/// The words of a name, `unit_price` as `unit` and `price`.
pub(in crate::rules) fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split('_').filter(|word| !word.is_empty())
}
