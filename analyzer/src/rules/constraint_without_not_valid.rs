//! Constraints that are checked with the table locked.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::{Change, Constraint, ConstraintKind, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "constraint-without-not-valid",
    summary: "a CHECK or FOREIGN KEY is added to a table in use without NOT VALID",
    page: include_str!("constraint_without_not_valid.md"),
    aliases: &[
        "constraint-missing-not-valid",
        "adding-foreign-key-constraint",
        "PG305",
        "E1",
        "add_foreign_key",
        "add_check_constraint",
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
    let why = match constraint.kind {
        ConstraintKind::ForeignKey(_) => {
            "ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on both tables and keeps it while it joins \
             them: nobody can write to either"
        }
        ConstraintKind::Check(_)
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Exclude { .. } => {
            "ADD CHECK takes ACCESS EXCLUSIVE and keeps it while it reads the whole table"
        }
    };
    let word = constraint.kind.word();
    let name = constraint.name.as_deref().unwrap_or("<name>");
    let first = match column {
        None => "end it with NOT VALID here".to_owned(),
        Some(column) => format!(
            "add the column `{column}` without it, and then `ADD CONSTRAINT {name} {word} (...) ... NOT \
             VALID`"
        ),
    };
    let message = Message::new(
        format!("{table} gets a {word} constraint that is checked at once"),
        why,
        format!(
            "{first}, and check the old rows in a later file: `ALTER TABLE {table} VALIDATE \
             CONSTRAINT {name};`"
        ),
    );
    Some(message.with_related(scope.made(ObjectKind::Table, table, None)))
}

/// The constraint that is checked at once, and the new column in whose definition it stands.
///
/// The foreign key of a new column without a default has only nulls to check: PostgreSQL skips it.
fn added(change: &Change) -> Option<(&Name, &Constraint, Option<&str>)> {
    match change {
        Change::AddConstraint { table, constraint } => {
            let is_checked = matches!(
                constraint.kind,
                ConstraintKind::Check(_) | ConstraintKind::ForeignKey(_)
            );
            let at_once = is_checked && !constraint.not_valid && constraint.enforced;
            at_once.then_some((table, &**constraint, None))
        }
        Change::AddColumn { table, column, .. } => {
            let checked = |constraint: &&Constraint| match constraint.kind {
                ConstraintKind::Check(_) => constraint.enforced,
                ConstraintKind::ForeignKey(_) => constraint.enforced && column.is_filled(),
                ConstraintKind::NotNull { .. }
                | ConstraintKind::PrimaryKey(_)
                | ConstraintKind::Unique(_)
                | ConstraintKind::Exclude { .. } => false,
            };
            let constraint = column.constraints.iter().find(checked)?;
            Some((table, constraint, Some(&column.name)))
        }
        _ => None,
    }
}
