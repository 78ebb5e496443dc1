//! Keys that build their index with the table locked.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
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
    let (table, constraint, column) = added(scope.change())?;
    if scope.is_new_table(table) {
        return None;
    }
    let word = constraint.kind.word();
    let message = Message::new(
        format!("this adds {word} to {table} and builds its index at once"),
        "ADD CONSTRAINT takes ACCESS EXCLUSIVE and keeps it until the index is built: neither reads \
         nor writes go through",
        help(table, constraint, column),
    );
    Some(message.with_related(scope.made(ObjectKind::Table, table, None)))
}

fn help(table: &Name, constraint: &Constraint, column: Option<&str>) -> String {
    let word = constraint.kind.word();
    let suffix = match (&constraint.kind, column) {
        (ConstraintKind::Exclude { .. }, _) => {
            return "PostgreSQL has no online way to add it to a table with rows: make a new table \
                    with the constraint and move the rows over"
                .to_owned();
        }
        (ConstraintKind::PrimaryKey(_), _) => "pkey".to_owned(),
        (_, Some(column)) => format!("{column}_key"),
        (_, None) => "key".to_owned(),
    };
    let made_up = format!("{}_{suffix}", table.name);
    let name = constraint.name.as_deref().unwrap_or(&made_up);
    let first = column.map_or_else(String::new, |column| {
        format!("add the column `{column}` without it; ")
    });
    format!(
        "{first}in a file of its own `CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns});`, \
         and in the next `ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {name};`",
        columns = column.unwrap_or("...")
    )
}

/// The constraint that needs an index of its own, and the new column in whose definition it stands.
fn added(change: &Change) -> Option<(&Name, &Constraint, Option<&str>)> {
    let needs_index = |constraint: &&Constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => key.using_index.is_none(),
        ConstraintKind::Exclude { .. } => true,
        ConstraintKind::Check(_)
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::ForeignKey(_) => false,
    };
    match change {
        Change::AddConstraint { table, constraint } => {
            let constraint = Some(&**constraint).filter(needs_index)?;
            Some((table, constraint, None))
        }
        Change::AddColumn { table, column, .. } => {
            let constraint = column.constraints.iter().find(needs_index)?;
            Some((table, constraint, Some(&column.name)))
        }
        _ => None,
    }
}
