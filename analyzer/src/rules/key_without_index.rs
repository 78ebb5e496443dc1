//! Keys that build their index with the table locked.

use crate::finding::{Message, Severity};
use crate::rule::{Check, Levels, Rule, Scope};
use crate::statement::{Change, Constraint, ConstraintKind, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "key-without-index",
    summary: "PRIMARY KEY, UNIQUE or EXCLUDE is added to a table in use and builds its index under the lock",
    page: include_str!("key_without_index.md"),
    aliases: &[
        "disallowed-unique-constraint",
        "adding-primary-key-constraint",
        "adding-exclusion-constraint",
        "PG104",
        "PG105",
        "E7",
        "E8",
        "add_unique_constraint",
    ],
    levels: Levels {
        startup: Severity::Forbid,
        release: Severity::Warn,
        ..Levels::NONE
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let (table, constraint) = added(scope.change())?;
    if scope.is_new_table(table) {
        return None;
    }
    let word = constraint.kind.word();
    let name = constraint.name.as_deref().unwrap_or("<name>");
    let help = match constraint.kind {
        ConstraintKind::Exclude => {
            "PostgreSQL has no online way to add it to a table with rows: make a new table with the \
             constraint and move the rows over"
                .to_owned()
        }
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey { .. } => format!(
            "in a file of its own `CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} (...);`, and in \
             the next `ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {name};`"
        ),
    };
    let message = Message::new(
        format!("{table} gets a {word} constraint that builds its index at once"),
        "ADD CONSTRAINT takes ACCESS EXCLUSIVE and keeps it until the index is built: neither reads \
         nor writes go through",
        help,
    );
    Some(message.with_related(scope.made(ObjectKind::Table, table, None)))
}

/// The constraint that needs an index of its own, also when it stands in a new column's definition.
fn added(change: &Change) -> Option<(&Name, &Constraint)> {
    let needs_index = |constraint: &&Constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { using_index } | ConstraintKind::Unique { using_index } => {
            using_index.is_none()
        }
        ConstraintKind::Exclude => true,
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey { .. } => false,
    };
    match change {
        Change::AddConstraint { table, constraint } => {
            Some((table, Some(constraint).filter(needs_index)?))
        }
        Change::AddColumn { table, column } => {
            Some((table, column.constraints.iter().find(needs_index)?))
        }
        _ => None,
    }
}
