//! Stored generated columns: PostgreSQL writes them into every existing row.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::column;
use crate::statement::to_sql;
use crate::statement::{Change, Column, ColumnAction, ColumnValue, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "stored-generated-column",
    summary: "adds a stored generated column to a table in use or changes one, which rewrites the table",
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
    check: Check::Of(
        &[Subject::AlterColumn, Subject::AddColumn],
        &Check::Clause(check),
    ),
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
            "adds the stored generated column {} to {table}, which rewrites the whole table",
            column.name
        ),
        WHY,
        "",
    );
    let message = match context.min_pg >= 18 {
        true => {
            let unstored = Column {
                value: ColumnValue::Generated {
                    expression: expression.clone(),
                    stored: false,
                },
                ..column.clone()
            };
            let here = format!(
                "{} ADD COLUMN {};",
                context.alter(table),
                to_sql::column(&unstored)
            );
            Message {
                help: "declare the column VIRTUAL: PostgreSQL then calculates it when it is read, and \
                       rewrites nothing"
                    .to_owned(),
                ..message
            }
            .with_files(match column.constraints.as_slice() {
                [] => context.fix(Some(here), &[]),
                _ => Vec::new(),
            })
        }
        false => Message {
            help: "add a plain column, let the service or a trigger fill it in new rows, and fill the \
                   existing rows in a data migration"
                .to_owned(),
            ..message
        }
        .with_files(column::files(context, table, column)),
    };
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}

const WHY: &str = "PostgreSQL rewrites the whole table and rebuilds all of its indexes under ACCESS \
                   EXCLUSIVE: reads and writes of the table are blocked until that is finished";

/// Virtual columns, which exist since PostgreSQL 18, are not stored.
fn changes(context: &Context<'_>, table: &Name, column: &str) -> Option<Message> {
    let known = context.schema.column(table, column);
    let is_virtual = known
        .is_some_and(|known| matches!(known.value, ColumnValue::Generated { stored: false, .. }));
    if is_virtual || !context.is_old_table(table) {
        return None;
    }
    let message = Message::new(
        format!(
            "changes the expression of the stored generated column {table}.{column}, which rewrites \
                 the whole table"
        ),
        WHY,
        "add another column with the new expression, deploy code that uses the new column, and then \
         drop the old column in a release migration",
    );
    Some(message.with_related(context.made(ObjectKind::Column, table, Some(column))))
}
