//! New serial and identity columns: PostgreSQL numbers every existing row immediately.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::column;
use crate::statement::{ColumnValue, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "add-serial-column",
    summary: "adds a serial or identity column to a table in use, which rewrites the table",
    page: include_str!("add_serial_column.md"),
    aliases: &[
        "adding-serial-column",
        "E11",
        "addSerialColumn",
        "add_column_auto_incrementing",
        "add-column-serial",
        "add-column-identity",
        "AddSerialColumnCheck",
        "AddIdentityColumnCheck",
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
    let what = match &column.value {
        ColumnValue::Serial => "serial",
        ColumnValue::Identity(_) => "identity",
        ColumnValue::None | ColumnValue::Default(_) | ColumnValue::Generated { .. } => return None,
    };
    let message = Message::new(
        format!(
            "adds the {what} column {} to {table}, which rewrites the whole table under ACCESS \
             EXCLUSIVE",
            column.name
        ),
        "PostgreSQL writes a number into every existing row and rebuilds all indexes of the table: \
         reads and writes of the table are blocked until that is finished",
        "add a nullable column with a sequence as its default, which numbers new rows only, and number \
         the existing rows in a data migration",
    );
    let suggested_files = column::files(context, table, column);
    Some(
        message
            .with_files(suggested_files)
            .with_related(context.made(ObjectKind::Table, table, None)),
    )
}
