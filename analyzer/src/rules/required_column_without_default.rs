//! New columns that old code does not fill.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "required-column-without-default",
    summary: "a column is added as NOT NULL without a default",
    page: include_str!("required_column_without_default.md"),
    aliases: &["adding-required-field", "MF103", "NOT_NULL"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::AddColumn { table, column, .. } = scope.change() else {
        return None;
    };
    if !column.not_null || column.is_filled() || scope.is_new_table(table) {
        return None;
    }
    let message = Message::new(
        format!(
            "{table} gets the column `{}` as NOT NULL without a default",
            column.name
        ),
        "the statement fails with 23502 as soon as the table has a row, and every INSERT of the \
         serving release, which does not know the column, fails from then on",
        format!(
            "give it a constant default: `ADD COLUMN {name} {data_type} NOT NULL DEFAULT ...`, or add \
             it without NOT NULL and tighten it later",
            name = column.name,
            data_type = column.data_type
        ),
    );
    Some(message.with_related(scope.made(ObjectKind::Table, table, None)))
}
