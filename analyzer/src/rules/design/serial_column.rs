//! `serial` columns, where an identity column is the better choice.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::typed;
use crate::statement::{Change, Column, ColumnValue, Name, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "serial-column",
    summary: "a serial column in a new table",
    page: include_str!("serial_column.md"),
    aliases: &["prefer-identity", "preferIdentity"],
    group: Group::Design,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::Sequence], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let (table, columns): (&Name, Vec<&Column>) = match context.change() {
        Change::CreateTable(create) if create.persistence != Persistence::Temporary => {
            (&create.table, create.columns.iter().collect())
        }
        // On an existing table the rewrite is the worse problem, and another rule reports it.
        Change::AddColumn { table, column, .. } if context.is_new_table(table) => {
            (table, vec![column])
        }
        _ => return Vec::new(),
    };
    let is_made = typed::places(context);
    let serial = columns.into_iter().filter(|column| {
        column.value == ColumnValue::Serial && is_made.iter().any(|one| one.span == column.span)
    });
    let found = serial.map(|column| {
        let message = Message::new(
            format!("{table}.{} is a serial column", column.name),
            "serial creates a separate sequence and a default: a role that inserts also needs privileges on \
             the sequence, an explicit value bypasses the sequence silently, and a copy of the table keeps \
             taking numbers from the original table's sequence",
            format!(
                "write `{} {} GENERATED ALWAYS AS IDENTITY`",
                column.name, column.data_type
            ),
        );
        (column.span.clone(), message)
    });
    found.collect()
}
