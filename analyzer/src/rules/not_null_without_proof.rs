//! SET NOT NULL that has to read the table.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::{Change, ConstraintKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "not-null-without-proof",
    summary: "SET NOT NULL without a validated CHECK that proves it",
    page: include_str!("not_null_without_proof.md"),
    aliases: &[
        "adding-not-nullable-field",
        "PG303",
        "E2",
        "change_column_null",
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

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (table, column) = match scope.change() {
        Change::SetNotNull { table, column } => (table, column),
        Change::AddConstraint { table, constraint } if !constraint.not_valid => {
            let ConstraintKind::NotNull { column } = &constraint.kind else {
                return None;
            };
            (table, column)
        }
        _ => return None,
    };
    if scope.is_new_table(table) || scope.schema.proves_not_null(table, column) {
        return None;
    }
    let message = Message::new(
        format!("{table}.{column} becomes NOT NULL and nothing proves yet that it holds no null"),
        "without a validated CHECK, SET NOT NULL reads the whole table under ACCESS EXCLUSIVE, and \
         fails when one row is null",
        format!(
            "in three files: `ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) \
             NOT VALID;` - `ALTER TABLE {table} VALIDATE CONSTRAINT {name};` - then this statement",
            name = format_args!("{}_{column}_not_null", table.name)
        ),
    );
    Some(message.with_related(scope.made(ObjectKind::Column, table, Some(column))))
}
