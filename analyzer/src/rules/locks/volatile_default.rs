//! Defaults whose value differs from row to row.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::effect::volatile_call;
use crate::finding::Message;
use crate::rules::fixes::column;
use crate::schema::TypeKind;
use crate::statement::{Column, ColumnValue, Expression, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "volatile-default",
    summary: "adds a column with a volatile default to a table in use, which rewrites the table",
    page: include_str!("volatile_default.md"),
    aliases: &[
        "adding-field-with-default",
        "E10",
        "PG302",
        "addingFieldWithDefault",
        "add_column_default",
        "add-column-volatile-default",
        "AddColumnCheck",
        "add_column_default_callable",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::AddColumn], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, column) = context.adds_column()?;
    let value = default(context, column)?;
    let call = volatile_call(value, context.schema)?;
    let called = match &call.schema {
        Some(schema) => format!("{schema}.{}", call.name),
        None => call.name.clone(),
    };
    let message = Message::new(
        format!(
            "adds the column {} to {table} with a default that calls the volatile {called}()",
            column.name
        ),
        format!(
            "{called}() can return another value for each row, so PostgreSQL rewrites the whole table \
             and rebuilds all of its indexes under ACCESS EXCLUSIVE: reads and writes of the \
             table are blocked until that is finished"
        ),
        "add the column without the default, set the default in a second statement, which applies to \
         new rows only, and fill the existing rows in a data migration",
    );
    let suggested_files = column::files(context, table, column);
    Some(
        message
            .with_files(suggested_files)
            .with_related(context.made(ObjectKind::Table, table, None)),
    )
}

/// The column's own default, or that of its domain.
fn default<'a>(context: &Context<'a>, column: &'a Column) -> Option<&'a Expression> {
    match &column.value {
        ColumnValue::Default(value) => return Some(value),
        ColumnValue::None => {}
        ColumnValue::Serial | ColumnValue::Identity(_) | ColumnValue::Generated { .. } => {
            return None;
        }
    }
    let schema = column.data_type.schema.as_ref();
    let domain = Name {
        schema: schema.unwrap_or(&context.module.schema).clone(),
        name: column.data_type.name.clone(),
    };
    let TypeKind::Domain(domain) = &context.schema.type_of(&domain)?.kind else {
        return None;
    };
    match &domain.value {
        ColumnValue::Default(value) => Some(value),
        ColumnValue::None
        | ColumnValue::Serial
        | ColumnValue::Identity(_)
        | ColumnValue::Generated { .. } => None,
    }
}
