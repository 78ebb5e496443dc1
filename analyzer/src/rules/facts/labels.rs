//! Strings that PostgreSQL reads as labels of an enum type.

use crate::check::context::Context;
use crate::schema::{Answer, Type, TypeKind};
use crate::statement::{
    Change, Column, ColumnAction, ColumnValue, DataType, Expression, Literal, Meets, Mentioned,
    Name, ObjectKind, Rows, Statement,
};

/// The type of the column that a string is compared with or written to; `None` if it is not known.
pub(in crate::rules) fn type_of(
    context: &Context<'_>,
    statement: &Statement,
    literal: &Literal,
) -> Option<DataType> {
    match &literal.meets {
        Meets::Type(schema, name) => Some(DataType {
            schema: schema.clone(),
            name: name.strip_suffix("[]").unwrap_or(name).to_owned(),
            array: name.ends_with("[]"),
            ..DataType::default()
        }),
        Meets::Column(column) => {
            of_new(statement, column).or_else(|| of_column(context, statement, column))
        }
        Meets::Unknown => of_target(context, statement, literal),
    }
}

/// The type of a column that the statement creates.
fn of_new(statement: &Statement, name: &str) -> Option<DataType> {
    let mut clauses = statement.clauses.iter();
    let column = clauses.find_map(|clause| match &clause.change {
        Change::CreateTable(create) => create.columns.iter().find(|column| column.name == name),
        Change::AddColumn { column, .. } => Some(&**column).filter(|column| column.name == name),
        _ => None,
    });
    column.map(|column| column.data_type.clone())
}

/// The type of a column, if the statement is about a single table, which is known.
fn of_column(context: &Context<'_>, statement: &Statement, column: &str) -> Option<DataType> {
    let mut mentions = statement.mentions.iter();
    let own = &context.module.schema;
    let mut tables: Vec<Name> = mentions
        .by_ref()
        .filter(|mention| mention.kind == Mentioned::Relation)
        .map(|mention| mention.resolved(own))
        .filter(|name| context.schema.relation(name).is_some())
        .collect();
    tables.sort();
    tables.dedup();
    let [table] = tables.as_slice() else {
        return None;
    };
    context.schema.column(table, column)?.data_type.clone()
}

/// The type of the column to which the whole string is written.
fn of_target(context: &Context<'_>, statement: &Statement, literal: &Literal) -> Option<DataType> {
    let is_it = |value: &Expression| value.span == literal.span;
    let default = |column: &Column| match &column.value {
        ColumnValue::Default(value) => is_it(value).then(|| column.data_type.clone()),
        ColumnValue::None
        | ColumnValue::Serial
        | ColumnValue::Identity(_)
        | ColumnValue::Generated { .. } => None,
    };
    let column = |table: &Name, column: &str| {
        let column = context.schema.column(table, column);
        column.and_then(|column| column.data_type.clone())
    };
    statement
        .clauses
        .iter()
        .find_map(|clause| match &clause.change {
            Change::CreateTable(create) => create.columns.iter().find_map(default),
            Change::AddColumn { column, .. } => default(column),
            Change::AlterColumn {
                table,
                column: name,
                action: ColumnAction::SetDefault(value),
            } if is_it(value) => column(table, name),
            Change::Insert(insert) => {
                let Rows::Values(rows) = &insert.rows else {
                    return None;
                };
                let at = rows.iter().find_map(|row| row.iter().position(is_it))?;
                column(&insert.table, &insert.columns.get(at)?.column)
            }
            Change::Update(update) => {
                let set = update.set.iter().find(|set| is_it(&set.value))?;
                column(&update.table, &set.columns.first()?.column)
            }
            _ => None,
        })
}

/// The labels that a string names: itself, or the items of an array without quotes.
pub(in crate::rules) fn named<'l>(literal: &'l Literal, data_type: &DataType) -> Vec<&'l str> {
    let value = literal.value.as_str();
    if !data_type.array {
        return vec![value];
    }
    let items = value
        .strip_prefix('{')
        .and_then(|inner| inner.strip_suffix('}'));
    let plain = items.filter(|items| !items.contains(['"', '{', '\\']) && !items.is_empty());
    let items = plain.into_iter().flat_map(|items| items.split(','));
    let items = items.map(str::trim);
    items
        .filter(|item| !item.eq_ignore_ascii_case("null"))
        .collect()
}

/// An enum type of the module, if it is known which labels it has.
pub(in crate::rules) fn known_enum<'a>(
    context: &Context<'a>,
    data_type: &DataType,
) -> Option<(Name, &'a Type)> {
    let name = Name {
        schema: data_type
            .schema
            .as_ref()
            .unwrap_or(&context.module.schema)
            .clone(),
        name: data_type.name.clone(),
    };
    let known = context.schema.type_of(&name)?;
    let is_certain = context.schema.exists(ObjectKind::Type, &name, None) == Answer::Yes;
    let is_enum = matches!(known.kind, TypeKind::Enum(_));
    (is_certain && is_enum).then_some((name, known))
}
