//! Generated columns that are written into every row at once.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::{Message, SuggestedFile};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ColumnAction, ColumnValue, DataType, Expression, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "stored-generated-column",
    summary: "a stored generated column is added to a table in use, or its expression changes",
    page: include_str!("stored_generated_column.md"),
    aliases: &[
        "adding-generated-column",
        "add_column_generated_stored",
        "add-column-generated-stored",
        "GeneratedColumnCheck",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    if let Change::AlterColumn {
        table,
        column,
        action: ColumnAction::SetExpression(_),
    } = context.change()
    {
        return changes(context, table, column);
    }
    let (table, column) = context.adds_column()?;
    let ColumnValue::Generated {
        expression,
        stored: true,
    } = &column.value
    else {
        return None;
    };
    let message = Message::new(
        format!(
            "{table} gets the stored column {}, which is calculated at once",
            column.name
        ),
        WHY,
        "",
    );
    let message = match context.min_pg >= 18 {
        true => {
            let here = format!(
                "ALTER TABLE {} ADD COLUMN {} {} GENERATED ALWAYS AS ({expression}) VIRTUAL;",
                quote_name(table),
                quote_ident(&column.name),
                column.data_type
            );
            Message {
                help: "make it VIRTUAL: then it is calculated when it is read, and nothing is written"
                    .to_owned(),
                ..message
            }
            .with_files(context.fix(Some(here), &[]))
        }
        false => Message {
            help: "add a plain column, let the service or a trigger fill it in new rows, and fill the \
                   old ones in a data migration"
                .to_owned(),
            ..message
        }
        .with_files(plain(context, table, (&column.name, &column.data_type), expression)),
    };
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}

const WHY: &str = "PostgreSQL writes the whole table anew and builds all of its indexes under ACCESS \
                   EXCLUSIVE: neither reads nor writes go through";

/// Virtual columns, which PostgreSQL 18 has, are not written.
fn changes(context: &Context<'_>, table: &Name, column: &str) -> Option<Message> {
    let known = context.schema.column(table, column);
    let is_virtual = known
        .is_some_and(|known| matches!(known.value, ColumnValue::Generated { stored: false, .. }));
    if is_virtual || !context.is_old_table(table) {
        return None;
    }
    let message = Message::new(
        format!("{table}.{column} gets another expression and is calculated anew at once"),
        WHY,
        "add another column with the new expression beside it, let the code change over, and drop this \
         one in a release migration",
    );
    Some(message.with_related(context.made(ObjectKind::Column, table, Some(column))))
}

fn plain(
    context: &Context<'_>,
    table: &Name,
    (name, data_type): (&str, &DataType),
    expression: &Expression,
) -> Vec<SuggestedFile> {
    let (on, column) = (quote_name(table), quote_ident(name));
    let here = format!("ALTER TABLE {on} ADD COLUMN {column} {data_type};");
    context.fix_column(table, name, here, &expression.text)
}
