//! Required columns that old code does not fill.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::schema::TypeKind;
use crate::statement::{Change, Column, DataType, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "required-column-without-default",
    summary: "adds a NOT NULL column without a default to a table in use",
    page: include_str!("required_column_without_default.md"),
    aliases: &[
        "adding-required-field",
        "MF103",
        "addingRequiredField",
        "add-column-not-null-no-default",
        "NOT_NULL",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AddColumn], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::AddColumn {
        table,
        column,
        if_not_exists,
    } = context.change()
    else {
        return None;
    };
    let known = context.schema.column(table, &column.name);
    let is_there = *if_not_exists && known.is_some();
    let domain = domain(context, &column.data_type);
    let required = column.not_null || domain.is_some_and(|domain| domain.not_null);
    let filled = column.is_filled() || domain.is_some_and(Column::is_filled);
    if !required || filled || is_there || context.is_new_table(table) {
        return None;
    }
    let message = Message::new(
        format!(
            "adds the column `{}` to {table} as NOT NULL without a default",
            column.name
        ),
        "the statement fails if the table has any row: column contains null values (23502); on an \
         empty table it passes, and then every INSERT of the running release fails, because that \
         release does not know the column",
        format!(
            "give the column a constant default: `ADD COLUMN {name} {data_type} NOT NULL DEFAULT \
             ...`; or add it without NOT NULL, fill it, and add NOT NULL later",
            name = column.name,
            data_type = column.data_type
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}

/// The domain that this type names, if it is one. Its definition has the shape of a column.
fn domain<'a>(context: &Context<'a>, data_type: &DataType) -> Option<&'a Column> {
    let name = Name {
        schema: data_type
            .schema
            .clone()
            .unwrap_or_else(|| context.module.schema.clone()),
        name: data_type.name.clone(),
    };
    match &context
        .schema
        .type_of(&name)
        .filter(|_| !data_type.array)?
        .kind
    {
        TypeKind::Domain(column) => Some(column),
        TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other => None,
    }
}
